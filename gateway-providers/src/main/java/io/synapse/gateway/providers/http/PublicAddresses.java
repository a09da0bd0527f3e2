package io.synapse.gateway.providers.http;

import io.synapse.gateway.media.AddressRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Finds only addresses that anybody on the internet could reach: for URLs that somebody else names, who must not make the
 * gateway look around in its operator's network. A host all of whose addresses are private is unknown.
 *
 * @param all finds the addresses to choose from
 */
public record PublicAddresses(AddressResolver all) implements AddressResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found =
                Arrays.stream(all.resolve(host)).filter(AddressRule::isPublic).toArray(InetAddress[]::new);
        if (found.length == 0) {
            throw new UnknownHostException(host + " has no public address");
        }
        return found;
    }
}
