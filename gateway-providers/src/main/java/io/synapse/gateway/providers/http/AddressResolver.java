package io.synapse.gateway.providers.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Finds the addresses of a host. A connection is made to one of these addresses and to no other, so that whoever checks
 * an address can be sure that it is the one that is spoken to. Called by many threads.
 */
@FunctionalInterface
public interface AddressResolver {
    /** The system's own resolver. */
    AddressResolver SYSTEM = InetAddress::getAllByName;

    /** The addresses of a host, to be tried in this order; at least one. */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
