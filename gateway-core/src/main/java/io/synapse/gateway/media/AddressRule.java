package io.synapse.gateway.media;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Which addresses the gateway may speak to on a caller's behalf: those of the public Internet alone. The JDK's own
 * questions ({@code isSiteLocalAddress} and so on) leave too much out.
 */
public final class AddressRule {
    private static final List<Range> DENIED_V4 = List.of(
            Range.v4(0, 0, 0, 8), // this network
            Range.v4(10, 0, 0, 8), // private
            Range.v4(100, 64, 0, 10), // carriers' NAT
            Range.v4(127, 0, 0, 8), // loopback
            Range.v4(169, 254, 0, 16), // link local: clouds tell their secrets there
            Range.v4(172, 16, 0, 12), // private
            Range.v4(192, 0, 0, 24), // protocol assignments
            Range.v4(192, 0, 2, 24), // documentation
            Range.v4(192, 88, 99, 24), // 6to4 relays
            Range.v4(192, 168, 0, 16), // private
            Range.v4(198, 18, 0, 15), // benchmarks
            Range.v4(198, 51, 100, 24), // documentation
            Range.v4(203, 0, 113, 24), // documentation
            Range.v4(224, 0, 0, 4), // multicast
            Range.v4(240, 0, 0, 4)); // reserved, broadcast
    /** All that is assigned to the public is in here; so 64:ff9b::/96, which would reach any IPv4 address, is not. */
    private static final Range GLOBAL_V6 = Range.v6(0x2000, 0, 3);

    private static final List<Range> DENIED_V6 = List.of(
            Range.v6(0x2001, 0, 23), // protocol assignments, Teredo
            Range.v6(0x2001, 0x0db8, 32), // documentation
            Range.v6(0x2002, 0, 16), // 6to4: an IPv4 address inside
            Range.v6(0x3fff, 0, 20)); // documentation

    private AddressRule() {}

    /** Whether it is an address of the public Internet. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address v4 -> isPublicV4(bytes);
            case Inet6Address v6 -> isMapped(bytes) ? isPublicV4(lastFour(bytes)) : isPublicV6(bytes);
            default -> false;
        };
    }

    private static boolean isPublicV4(byte[] bytes) {
        return DENIED_V4.stream().noneMatch(range -> range.holds(bytes));
    }

    private static boolean isPublicV6(byte[] bytes) {
        return GLOBAL_V6.holds(bytes) && DENIED_V6.stream().noneMatch(range -> range.holds(bytes));
    }

    /** Java makes an {@link Inet4Address} of those by itself; but that is nothing to rest on. */
    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    private static byte[] lastFour(byte[] bytes) {
        return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }

    /** Addresses whose first bits, 32 at most, are these. */
    private record Range(int start, int bits) {
        static Range v4(int first, int second, int third, int bits) {
            return new Range(first << 24 | second << 16 | third << 8, bits);
        }

        static Range v6(int first, int second, int bits) {
            return new Range(first << 16 | second, bits);
        }

        boolean holds(byte[] address) {
            int head = ByteBuffer.wrap(address).getInt();
            return (head ^ start) >>> (32 - bits) == 0;
        }
    }
}
