package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.Duration;
import dev.meshdojo.simulator.pilot.model.DestinationRule;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import org.jspecify.annotations.Nullable;

/** What a route hashes to choose a host, taken from the destination's rule. */
public final class HashPolicies {

    private HashPolicies() {}

    /**
     * The {@code consistentHash} settings for a destination: of the subset's port, the subset, the
     * port, else of the rule; absent when there are none.
     */
    public static JsonView settings(@Nullable DestinationRule rule, JsonView destination) {
        if (rule == null) {
            return JsonView.ABSENT;
        }
        JsonView subset = rule.subset(destination.text("subset"));
        JsonView subsetPolicy = subset == null ? JsonView.ABSENT : subset.at("trafficPolicy");
        JsonView[] candidates = {
            portLevel(subsetPolicy, destination),
            hash(subsetPolicy),
            portLevel(rule.trafficPolicy(), destination),
            hash(rule.trafficPolicy())
        };
        for (JsonView candidate : candidates) {
            if (candidate.present()) {
                return candidate;
            }
        }
        return JsonView.ABSENT;
    }

    /** The policy, or null when no key is named. */
    static @Nullable HashPolicy of(JsonView hash) {
        HashPolicy.Builder out = HashPolicy.newBuilder();
        if (hash.has("httpHeaderName")) {
            out.getHeaderBuilder().setHeaderName(hash.text("httpHeaderName"));
        } else if (hash.has("httpCookie")) {
            cookie(out, hash.at("httpCookie"));
        } else if (hash.has("useSourceIp")) {
            out.getConnectionPropertiesBuilder().setSourceIp(hash.flag("useSourceIp"));
        } else if (hash.has("httpQueryParameterName")) {
            out.getQueryParameterBuilder().setName(hash.text("httpQueryParameterName"));
        } else {
            return null;
        }
        return out.build();
    }

    private static void cookie(HashPolicy.Builder out, JsonView cookie) {
        HashPolicy.Cookie.Builder built =
                out.getCookieBuilder().setName(cookie.text("name")).setPath(cookie.text("path"));
        Duration ttl = cookie.duration("ttl");
        if (ttl != null) {
            built.setTtl(ttl);
        }
        for (JsonView attribute : cookie.list("attributes")) {
            built.addAttributesBuilder()
                    .setName(attribute.text("name"))
                    .setValue(attribute.text("value"));
        }
    }

    private static JsonView hash(JsonView policy) {
        return policy.at("loadBalancer").at("consistentHash");
    }

    private static JsonView portLevel(JsonView policy, JsonView destination) {
        if (!destination.has("port")) {
            return JsonView.ABSENT;
        }
        int number = destination.at("port").integer("number");
        for (JsonView setting : policy.list("portLevelSettings")) {
            if (setting.at("port").integer("number") == number) {
                return hash(setting);
            }
        }
        return JsonView.ABSENT;
    }
}
