package dev.meshdojo.gateway.filter.rbac;

import dev.meshdojo.gateway.stream.DynamicMetadata;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import org.jspecify.annotations.Nullable;

/**
 * Compiled rules and shadow rules of one RBAC filter, HTTP or network. Immutable.
 *
 * <p>Shadow rules deny nothing; what they would have done goes into dynamic metadata. Source: Envoy
 * "Role based access control".
 */
public final class RbacRules {

    private static final String DENIED = "rbac_access_denied_matched_policy[";

    /**
     * What the rules say.
     *
     * @param allowed whether the request may pass
     * @param details response code details, or connection termination details, of a denial
     */
    public record Verdict(boolean allowed, String details) {}

    private static final Verdict ALLOWED = new Verdict(true, "");

    private final String metadataNamespace;
    private final @Nullable RbacEngine rules;
    private final @Nullable RbacEngine shadowRules;
    private final String shadowPrefix;

    private RbacRules(
            String metadataNamespace,
            @Nullable RbacEngine rules,
            @Nullable RbacEngine shadowRules,
            String shadowPrefix) {
        this.metadataNamespace = metadataNamespace;
        this.rules = rules;
        this.shadowRules = shadowRules;
        this.shadowPrefix = shadowPrefix;
    }

    /**
     * Compiles an HTTP filter's configuration.
     *
     * @throws InvalidConfigException when a policy is invalid
     */
    public static RbacRules compile(
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC proto) {
        if (proto.hasMatcher() || proto.hasShadowMatcher()) {
            throw matcher();
        }
        return new RbacRules(
                "envoy.filters.http.rbac",
                engine(proto.hasRules(), proto.getRules()),
                engine(proto.hasShadowRules(), proto.getShadowRules()),
                proto.getShadowRulesStatPrefix());
    }

    /**
     * Compiles a network filter's configuration.
     *
     * @throws InvalidConfigException when a policy is invalid
     */
    public static RbacRules compile(
            io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC proto) {
        if (proto.hasMatcher() || proto.hasShadowMatcher()) {
            throw matcher();
        }
        return new RbacRules(
                "envoy.filters.network.rbac",
                engine(proto.hasRules(), proto.getRules()),
                engine(proto.hasShadowRules(), proto.getShadowRules()),
                proto.getShadowRulesStatPrefix());
    }

    private static @Nullable RbacEngine engine(boolean present, RBAC proto) {
        return present ? new RbacEngine(proto) : null;
    }

    private static InvalidConfigException matcher() {
        return new InvalidConfigException(
                "RBAC matcher trees are not supported here; use rules and shadow_rules");
    }

    /** Decides one request or connection. */
    public Verdict check(RbacInput input) {
        DynamicMetadata metadata = input.info().dynamicMetadata();
        if (shadowRules != null) {
            String hit = shadowRules.firstHit(input);
            if (hit != null) {
                metadata.put(metadataNamespace, shadowPrefix + "shadow_effective_policy_id", hit);
            }
            metadata.put(
                    metadataNamespace,
                    shadowPrefix + "shadow_engine_result",
                    shadowRules.allowed(hit) ? "allowed" : "denied");
        }
        if (rules == null) {
            return ALLOWED;
        }
        String hit = rules.firstHit(input);
        if (rules.logs()) {
            metadata.put("envoy.common", "access_log_hint", hit != null);
        }
        return rules.allowed(hit)
                ? ALLOWED
                : new Verdict(false, DENIED + (hit == null ? "none" : hit.replace(' ', '_')) + "]");
    }
}
