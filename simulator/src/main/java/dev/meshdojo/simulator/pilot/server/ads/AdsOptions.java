package dev.meshdojo.simulator.pilot.server.ads;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How ADS fits into its surroundings. Immutable; its functions are thread-safe.
 *
 * @param clock dates what is sent
 * @param tokens tells whom a bearer token stands for
 * @param view what a proxy gets of its translation
 * @param log takes lines as istiod's log has them
 */
public record AdsOptions(InstantSource clock, Tokens tokens, View view, Consumer<String> log) {

    /** Tells whom a bearer token stands for. */
    @FunctionalInterface
    public interface Tokens {

        /** The service account as a SPIFFE identity; null when the token is not good. */
        @Nullable String identity(String token);
    }

    /** Changes translations for a proxy, such as addresses that it could not reach. */
    @FunctionalInterface
    public interface View {

        /**
         * What makes a proxy's translations into what it gets; called on one thread at a time.
         *
         * @param identity the proxy's SPIFFE identity as its token says it; null when it came
         *     without one
         */
        UnaryOperator<XdsSnapshot> of(ProxyIdentity proxy, @Nullable String identity);
    }
}
