package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.Any;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * AuthorizationPolicies as RBAC filters: AUDIT, DENY, ALLOW, in this order. A CUSTOM policy denies
 * what it covers, as Istio does when the provider it names is unknown: external authorizers cannot
 * be called here.
 */
public final class AuthorizationFilters {

    private static final String KIND = "authorizationpolicies.security.istio.io";
    private static final Policy NEVER =
            Policy.newBuilder()
                    .addPermissions(
                            Permission.newBuilder()
                                    .setNotRule(Permission.newBuilder().setAny(true)))
                    .addPrincipals(
                            Principal.newBuilder().setNotId(Principal.newBuilder().setAny(true)))
                    .build();

    /** The ways to write true that Go knows. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

    private final List<KubeObject> policies;
    private final TrustDomains domains;

    /** The filters for one proxy. */
    public AuthorizationFilters(MeshModel model, ProxyIdentity proxy) {
        this.policies = Policies.of(model, KIND, proxy);
        this.domains = TrustDomains.of(model.mesh());
    }

    /** Filters of CUSTOM policies, which come first; one a provider, in order of its name. */
    public List<HttpFilter> custom() {
        return denied(false).stream()
                .map(
                        rules ->
                                filter(
                                        io.envoyproxy
                                                .envoy
                                                .extensions
                                                .filters
                                                .http
                                                .rbac
                                                .v3
                                                .RBAC
                                                .newBuilder()
                                                .setRules(rules)
                                                .build()))
                .toList();
    }

    private List<RBAC> denied(boolean tcp) {
        Map<String, RBAC.Builder> byProvider = new TreeMap<>();
        for (KubeObject policy : policies) {
            if (policy.spec().text("action").equals("CUSTOM")) {
                RBAC.Builder rules =
                        byProvider.computeIfAbsent(
                                policy.spec().at("provider").text("name"),
                                provider -> RBAC.newBuilder().setAction(RBAC.Action.DENY));
                if (!dryRun(policy)) {
                    add(rules, policy, "CUSTOM", tcp);
                }
            }
        }
        return byProvider.values().stream().map(RBAC.Builder::build).toList();
    }

    /** The other filters for HTTP requests. */
    public List<HttpFilter> http() {
        List<HttpFilter> out = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Rules rules = rules(kind.name(), kind.action, false);
            if (rules != null) {
                out.add(http(rules));
            }
        }
        return out;
    }

    /** Filters for TCP connections. */
    public List<Filter> tcp() {
        List<Filter> out = new ArrayList<>();
        for (RBAC rules : denied(true)) {
            out.add(
                    filter(
                            io.envoyproxy
                                    .envoy
                                    .extensions
                                    .filters
                                    .network
                                    .rbac
                                    .v3
                                    .RBAC
                                    .newBuilder()
                                    .setStatPrefix("tcp.")
                                    .setRules(rules)
                                    .build()));
        }
        for (Kind kind : Kind.values()) {
            Rules rules = rules(kind.name(), kind.action, true);
            if (rules != null) {
                var rbac =
                        io.envoyproxy
                                .envoy
                                .extensions
                                .filters
                                .network
                                .rbac
                                .v3
                                .RBAC
                                .newBuilder()
                                .setStatPrefix("tcp.");
                if (rules.enforced != null) {
                    rbac.setRules(rules.enforced);
                }
                if (rules.dryRun != null) {
                    rbac.setShadowRules(rules.dryRun);
                }
                rbac.setShadowRulesStatPrefix(rules.shadowPrefix());
                out.add(filter(rbac.build()));
            }
        }
        return out;
    }

    private enum Kind {
        AUDIT(RBAC.Action.LOG),
        DENY(RBAC.Action.DENY),
        ALLOW(RBAC.Action.ALLOW);

        private final RBAC.Action action;

        Kind(RBAC.Action action) {
            this.action = action;
        }
    }

    private record Rules(@Nullable RBAC enforced, @Nullable RBAC dryRun) {

        /** Without dry-run rules it is that of ALLOW, whatever the enforced rules do. */
        String shadowPrefix() {
            return switch (dryRun == null ? RBAC.Action.ALLOW : dryRun.getAction()) {
                case ALLOW -> "istio_dry_run_allow_";
                case DENY -> "istio_dry_run_deny_";
                default -> "";
            };
        }
    }

    private @Nullable Rules rules(String kind, RBAC.Action action, boolean tcp) {
        RBAC.Builder enforced = RBAC.newBuilder().setAction(action);
        RBAC.Builder dryRun = RBAC.newBuilder().setAction(action);
        boolean anyEnforced = false;
        boolean anyDryRun = false;
        for (KubeObject policy : policies) {
            String written = policy.spec().text("action");
            if (!(written.isEmpty() ? "ALLOW" : written).equals(kind)) {
                continue;
            }
            boolean dry = dryRun(policy);
            anyDryRun |= dry;
            anyEnforced |= !dry;
            add(dry ? dryRun : enforced, policy, kind, tcp);
        }
        if (!anyEnforced && !anyDryRun) {
            return null;
        }
        return new Rules(anyEnforced ? enforced.build() : null, anyDryRun ? dryRun.build() : null);
    }

    private static boolean dryRun(KubeObject policy) {
        return TRUE.contains(policy.annotations().getOrDefault("istio.io/dry-run", ""));
    }

    private static HttpFilter filter(
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC config) {
        return HttpFilter.newBuilder()
                .setName("envoy.filters.http.rbac")
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static Filter filter(
            io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC config) {
        return Filter.newBuilder()
                .setName("envoy.filters.network.rbac")
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private void add(RBAC.Builder out, KubeObject policy, String kind, boolean tcp) {
        List<JsonView> rules = policy.spec().list("rules");
        if (rules.isEmpty()) {
            out.putPolicies(name(policy, kind, 0), NEVER);
        }
        RuleTranslator translator =
                new RuleTranslator(
                        policy.namespace(), domains, tcp, out.getAction() == RBAC.Action.ALLOW);
        for (int i = 0; i < rules.size(); i++) {
            Policy translated = translator.translate(rules.get(i));
            if (translated != null) {
                out.putPolicies(name(policy, kind, i), translated);
            }
        }
    }

    private static String name(KubeObject policy, String kind, int rule) {
        String name =
                "ns[" + policy.namespace() + "]-policy[" + policy.name() + "]-rule[" + rule + "]";
        if (!kind.equals("CUSTOM")) {
            return name;
        }
        String provider = policy.spec().at("provider").text("name");
        return "istio-ext-authz-"
                + (provider.isEmpty() ? "" : provider + "-")
                + name
                + "-deny-due-to-bad-CUSTOM-action";
    }

    private static HttpFilter http(Rules rules) {
        var rbac = io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder();
        if (rules.enforced != null) {
            rbac.setRules(rules.enforced);
        }
        if (rules.dryRun != null) {
            rbac.setShadowRules(rules.dryRun);
        }
        rbac.setShadowRulesStatPrefix(rules.shadowPrefix());
        return filter(rbac.build());
    }
}
