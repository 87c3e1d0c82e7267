package dev.meshdojo.gateway.filter.authz;

import java.time.Duration;

/** Durations of configuration. */
final class Durations {

    private Durations() {}

    static Duration of(com.google.protobuf.Duration proto) {
        return Duration.ofSeconds(proto.getSeconds(), proto.getNanos());
    }
}
