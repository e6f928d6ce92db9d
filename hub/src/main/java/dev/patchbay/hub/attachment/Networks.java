package dev.patchbay.hub.attachment;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses files may be fetched from: everybody's, and of the others those that the operator has allowed. Immutable, for any
 * thread.
 */
record Networks(List<Block> allowed) {
    private static final List<Block> NOT_EVERYBODYS = Stream.of(
                    "0.0.0.0/8", // this host
                    "10.0.0.0/8",
                    "100.64.0.0/10", // carriers' own
                    "127.0.0.0/8",
                    "169.254.0.0/16", // link-local, and the clouds' metadata
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4", // reserved, broadcast
                    "::/128",
                    "::1/128",
                    "64:ff9b:1::/48", // translation inside one network
                    "2001::/32", // Teredo: the far end is hidden in the address
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8")
            .map(Block::of)
            .toList();

    /** IPv6 addresses that lead to the IPv4 address inside them, and at which byte it is. */
    private static final List<Carrier> CARRIERS = List.of(
            new Carrier(Block.of("64:ff9b::/96"), 12),
            new Carrier(Block.of("2002::/16"), 2),
            new Carrier(Block.of("::/96"), 12));

    Networks {
        allowed = List.copyOf(allowed);
    }

    boolean permit(InetAddress address) {
        InetAddress end =
                isIn(address, NOT_EVERYBODYS) ? address : carried(address).orElse(address);
        return !isIn(end, NOT_EVERYBODYS) || isIn(end, allowed) || isIn(address, allowed);
    }

    private static boolean isIn(InetAddress address, List<Block> blocks) {
        return blocks.stream().anyMatch(block -> block.holds(address));
    }

    private static Optional<InetAddress> carried(InetAddress address) {
        return CARRIERS.stream()
                .filter(carrier -> carrier.block().holds(address))
                .findFirst()
                .map(carrier -> fourBytes(address.getAddress(), carrier.at()));
    }

    private static InetAddress fourBytes(byte[] address, int at) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address, at, at + 4));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }

    private record Carrier(Block block, int at) {}

    /** All addresses that share their first bits. */
    record Block(InetAddress start, int bits) {

        /**
         * Reads {@code 10.0.0.0/8} or {@code fc00::/7}; an address alone is a block of one.
         *
         * @throws IllegalArgumentException if it is neither
         */
        static Block of(String text) {
            String[] parts = text.strip().split("/", -1);
            try {
                InetAddress start = InetAddress.ofLiteral(parts[0]);
                int width = start instanceof Inet4Address ? 32 : 128;
                int bits = parts.length == 1 ? width : Integer.parseInt(parts[1]);
                if (parts.length <= 2 && bits >= 0 && bits <= width) {
                    return new Block(start, bits);
                }
            } catch (IllegalArgumentException notAnAddress) {
                throw new IllegalArgumentException("\"" + text + "\" is no network", notAnAddress);
            }
            throw new IllegalArgumentException("\"" + text + "\" is no network");
        }

        boolean holds(InetAddress address) {
            byte[] mine = start.getAddress();
            byte[] other = address.getAddress();
            if (mine.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
                if (((mine[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
