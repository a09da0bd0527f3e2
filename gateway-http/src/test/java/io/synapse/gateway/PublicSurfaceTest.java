package io.synapse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.http.GatewayServer;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.testkit.CreditLedgerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is public is written down in docs/api, so that whoever changes it sees that he does, and so does whoever reviews it.
 * {@code mvn -Pquick,surface} writes it anew.
 */
class PublicSurfaceTest {
    static Stream<Arguments> modules() {
        return Stream.of(
                Arguments.of("gateway-core", Gateway.class),
                Arguments.of("gateway-providers", Providers.class),
                Arguments.of("gateway-billing", Billing.class),
                Arguments.of("gateway-http", GatewayServer.class),
                Arguments.of("gateway-testkit", CreditLedgerContract.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void it_is_what_was_written_down(String module, Class<?> member) throws IOException {
        Path file = Path.of("..", "docs", "api", module + ".txt");
        String surface = Surface.of(member);
        if (Boolean.getBoolean("surface.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, surface);
        }
        assertThat(surface.lines())
                .as("the public surface of " + module + "; if the change is meant: mvn -Pquick,surface")
                .containsExactlyElementsOf(Files.readAllLines(file));
    }
}
