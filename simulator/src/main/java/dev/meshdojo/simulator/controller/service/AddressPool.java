package dev.meshdojo.simulator.controller.service;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous pool of IPv4 addresses for load balancers.
 *
 * @param name as an IPAddressPool is named
 * @param first the first address, as a number
 * @param last the last address, as a number
 */
public record AddressPool(String name, long first, long last) {

    public AddressPool {
        if (last < first) {
            throw new IllegalArgumentException(
                    "address pool %s: %s comes after %s (expected: first-last)"
                            .formatted(name, text(first), text(last)));
        }
    }

    /** A pool from {@code first} to {@code last}, both included. */
    public static AddressPool of(String name, String first, String last) {
        return new AddressPool(name, number(first), number(last));
    }

    /** Whether the address is one of the pool's. */
    public boolean contains(String address) {
        try {
            long number = number(address);
            return number >= first && number <= last;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The lowest address that is not taken, or null. */
    public @Nullable String firstFree(Set<String> taken) {
        for (long number = first; number <= last; number++) {
            String address = text(number);
            if (!taken.contains(address)) {
                return address;
            }
        }
        return null;
    }

    /** Dotted text to a number. */
    static long number(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(address + " (expected: an IPv4 address)");
        }
        long number = 0;
        for (String part : parts) {
            int octet = Integer.parseInt(part);
            if (octet < 0 || octet > 255) {
                throw new IllegalArgumentException(address + " (expected: an IPv4 address)");
            }
            number = number * 256 + octet;
        }
        return number;
    }

    /** A number to dotted text. */
    static String text(long number) {
        return (number >> 24 & 255)
                + "."
                + (number >> 16 & 255)
                + "."
                + (number >> 8 & 255)
                + "."
                + (number & 255);
    }
}
