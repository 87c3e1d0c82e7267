package dev.meshdojo.gateway.filter.jwt;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled requirement: which tokens a request must, or may, bring. */
sealed interface JwtRequirement {

    JwtStatus verify(JwtSession session);

    /** Nothing is required. */
    record None() implements JwtRequirement {
        @Override
        public JwtStatus verify(JwtSession session) {
            return JwtStatus.OK;
        }
    }

    /** A valid token of one provider. */
    record OfProvider(JwtProvider provider, @Nullable Set<String> audiences)
            implements JwtRequirement {
        @Override
        public JwtStatus verify(JwtSession session) {
            return session.verifyAll(List.of(provider), audiences, JwtSession.Leniency.NONE);
        }
    }

    /** No token where these providers look for one, or valid ones only. */
    record AllowMissing(List<JwtProvider> providers) implements JwtRequirement {
        @Override
        public JwtStatus verify(JwtSession session) {
            return session.verifyAll(providers, null, JwtSession.Leniency.MISSING);
        }
    }

    /** Anything; valid tokens are used. */
    record AllowMissingOrFailed(List<JwtProvider> providers) implements JwtRequirement {
        @Override
        public JwtStatus verify(JwtSession session) {
            return session.verifyAll(providers, null, JwtSession.Leniency.FAILED);
        }
    }

    /** The first that holds; else the most telling failure. */
    record Any(List<JwtRequirement> requirements) implements JwtRequirement {
        @Override
        public JwtStatus verify(JwtSession session) {
            JwtStatus worst = JwtStatus.MISSING;
            for (JwtRequirement requirement : requirements) {
                JwtStatus status = requirement.verify(session);
                if (status == JwtStatus.OK) {
                    return status;
                }
                boolean vague = status == JwtStatus.MISSING || status == JwtStatus.UNKNOWN_ISSUER;
                if (!vague || (worst == JwtStatus.MISSING && status == JwtStatus.UNKNOWN_ISSUER)) {
                    worst = status;
                }
            }
            return worst;
        }
    }

    /** All of them. */
    record All(List<JwtRequirement> requirements) implements JwtRequirement {
        @Override
        public JwtStatus verify(JwtSession session) {
            for (JwtRequirement requirement : requirements) {
                JwtStatus status = requirement.verify(session);
                if (status != JwtStatus.OK) {
                    return status;
                }
            }
            return JwtStatus.OK;
        }
    }

    /** Compiles {@code proto}; lenient requirements look where {@code lookedAt} providers look. */
    static JwtRequirement compile(
            io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement proto,
            Map<String, JwtProvider> providers,
            List<JwtProvider> lookedAt) {
        return switch (proto.getRequiresTypeCase()) {
            case PROVIDER_NAME ->
                    new OfProvider(provider(proto.getProviderName(), providers), null);
            case PROVIDER_AND_AUDIENCES ->
                    new OfProvider(
                            provider(proto.getProviderAndAudiences().getProviderName(), providers),
                            JwtProvider.sanitized(
                                    proto.getProviderAndAudiences().getAudiencesList()));
            case REQUIRES_ANY -> any(proto.getRequiresAny().getRequirementsList(), providers);
            case REQUIRES_ALL ->
                    new All(
                            proto.getRequiresAll().getRequirementsList().stream()
                                    .map(one -> compile(one, providers, List.of()))
                                    .toList());
            case ALLOW_MISSING_OR_FAILED -> new AllowMissingOrFailed(lookedAt);
            case ALLOW_MISSING -> new AllowMissing(lookedAt);
            case REQUIRESTYPE_NOT_SET -> new None();
        };
    }

    private static JwtRequirement any(
            List<io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement> protos,
            Map<String, JwtProvider> providers) {
        List<JwtRequirement> compiled = new ArrayList<>();
        List<JwtProvider> used = new ArrayList<>();
        JwtRequirement lenient = null;
        for (var proto : protos) {
            JwtRequirement one = compile(proto, providers, used);
            if (one instanceof OfProvider(JwtProvider provider, var audiences)) {
                used.add(provider);
            }
            if (one instanceof AllowMissingOrFailed) {
                lenient = new AllowMissingOrFailed(used);
            } else if (one instanceof AllowMissing) {
                lenient =
                        lenient instanceof AllowMissingOrFailed ? lenient : new AllowMissing(used);
            } else {
                compiled.add(one);
            }
        }
        if (lenient != null) {
            compiled.add(lenient);
        }
        return new Any(compiled);
    }

    private static JwtProvider provider(String name, Map<String, JwtProvider> providers) {
        JwtProvider provider = providers.get(name);
        if (provider == null) {
            throw new InvalidConfigException(
                    "Required provider ['" + name + "'] is not configured.");
        }
        return provider;
    }
}
