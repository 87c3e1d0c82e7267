package dev.meshdojo.simulator.controller.runtime;

import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import java.time.Clock;
import java.time.Instant;

/**
 * What every controller of a cluster works with.
 *
 * @param api where it reads and writes
 * @param informers shared live copies
 * @param clock the only source of time
 */
public record ControllerContext(ResourceApi api, Informers informers, Clock clock) {

    /** Now. */
    public Instant now() {
        return clock.instant();
    }

    /** The informer of a kind. */
    public Informer informer(String group, String plural) {
        return informers.of(group, plural);
    }

    /** The informer of a kind in the core group. */
    public Informer informer(String plural) {
        return informers.of("", plural);
    }

    /** The key of an object of the core group. */
    public static ResourceKey core(String plural, String namespace, String name) {
        return new ResourceKey("", plural, namespace, name);
    }
}
