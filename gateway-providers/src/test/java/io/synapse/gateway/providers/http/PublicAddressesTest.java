package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class PublicAddressesTest {
    @Test
    void host_has_its_public_addresses_alone() throws Exception {
        InetAddress inside = InetAddress.getByName("10.0.0.1");
        InetAddress outside = InetAddress.getByName("8.8.8.8");
        assertThat(new PublicAddresses(host -> new InetAddress[] {inside, outside}).resolve("x"))
                .containsExactly(outside);
        assertThatThrownBy(() -> new PublicAddresses(host -> new InetAddress[] {inside}).resolve("x.example"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("x.example");
    }
}
