package dev.meshdojo.simulator.apiserver.operation;

import java.util.concurrent.ThreadLocalRandom;

/** Names that end in random characters, in Kubernetes' alphabet without vowels. */
final class GeneratedNames {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int MAX_PREFIX = 63 - SUFFIX;

    private GeneratedNames() {}

    static String next(String prefix) {
        StringBuilder name =
                new StringBuilder(
                        prefix.length() > MAX_PREFIX ? prefix.substring(0, MAX_PREFIX) : prefix);
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return name.toString();
    }
}
