package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementAndList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** RequestAuthentications as Envoy's JWT filter. */
public final class AuthenticationFilters {

    private static final String KIND = "requestauthentications.security.istio.io";

    /** Verifies nothing: stands in for a key set that could not be fetched. */
    private static final String NO_KEYS =
            "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"unavailable\",\"e\":\"AQAB\",\"n\":"
                    + "\"xAE7eB6qugXyCAG3yhh7pkDkT65pHymX-P7KfIupjf59vsdo91bSP9C8H07pSAGQO1MV"
                    + "_xFj9VswgsCg4R6otmg5PV2He95lZdHtOcU5DXIg_pbhLdKXbi66GlVeK6ABZOUW3WYtnNHD"
                    + "-91gVuoeJT_DwtGGcp4ignkgXfkiEm4sw-4sfb4qdt5oLbyVpmW6x9cfa7vs2WTfURiCrBoU"
                    + "qgBo_-4WTiULmmHSGZHOjzwa8WtrtOQGsAFjIbno85jp6MnGGGZPYZbDAa_b3y5u-YpW7ypZ"
                    + "rvD8BgtKVjgtQgZhLAGezMt0ua3DRrWnKqTZ0BJ_EyxOGuHJrLsn00fnMQ\"}]}";

    private AuthenticationFilters() {}

    /** The filter, or none when no rule applies to the proxy. */
    public static List<HttpFilter> of(MeshModel model, ProxyIdentity proxy, JwksSource keys) {
        List<JsonView> rules = new ArrayList<>();
        Policies.of(model, KIND, proxy)
                .forEach(policy -> rules.addAll(policy.spec().list("jwtRules")));
        if (rules.isEmpty()) {
            return List.of();
        }
        rules.sort(Comparator.comparing((JsonView rule) -> rule.text("issuer")));
        JwtAuthentication.Builder out = JwtAuthentication.newBuilder().setBypassCorsPreflight(true);
        List<JwtRequirement> each = new ArrayList<>();
        JwtRequirementOrList.Builder any = JwtRequirementOrList.newBuilder();
        for (int i = 0; i < rules.size(); i++) {
            String name = "origins-" + i;
            out.putProviders(name, provider(rules.get(i), keys));
            JwtRequirement named = JwtRequirement.newBuilder().setProviderName(name).build();
            JwtRequirement missing =
                    JwtRequirement.newBuilder().setAllowMissing(Empty.getDefaultInstance()).build();
            each.add(
                    JwtRequirement.newBuilder()
                            .setRequiresAny(
                                    JwtRequirementOrList.newBuilder()
                                            .addRequirements(named)
                                            .addRequirements(missing))
                            .build());
            any.addRequirements(named);
        }
        any.addRequirements(
                JwtRequirement.newBuilder()
                        .setRequiresAll(
                                JwtRequirementAndList.newBuilder().addAllRequirements(each)));
        JwtRequirement required =
                each.size() == 1
                        ? each.getFirst()
                        : JwtRequirement.newBuilder().setRequiresAny(any).build();
        out.addRules(
                RequirementRule.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRequires(required));
        return List.of(
                HttpFilter.newBuilder()
                        .setName(JwtClaims.FILTER)
                        .setTypedConfig(Any.pack(out.build()))
                        .build());
    }

    private static JwtProvider provider(JsonView rule, JwksSource keys) {
        JwtProvider.Builder out =
                JwtProvider.newBuilder()
                        .setIssuer(rule.text("issuer"))
                        .addAllAudiences(rule.texts("audiences"))
                        .setForward(rule.flag("forwardOriginalToken"))
                        .setForwardPayloadHeader(rule.text("outputPayloadToHeader"))
                        .setPayloadInMetadata(JwtClaims.PAYLOAD)
                        .setClearRouteCache(true)
                        .addAllFromParams(rule.texts("fromParams"))
                        .addAllFromCookies(rule.texts("fromCookies"));
        Set<String> spaced = new TreeSet<>(rule.texts("spaceDelimitedClaims"));
        spaced.add("permission");
        spaced.add("scope");
        out.getNormalizePayloadInMetadataBuilder().addAllSpaceDelimitedClaims(spaced);
        for (JsonView claim : rule.list("outputClaimToHeaders")) {
            out.addClaimToHeadersBuilder()
                    .setHeaderName(claim.text("header"))
                    .setClaimName(claim.text("claim"));
        }
        for (JsonView header : rule.list("fromHeaders")) {
            out.addFromHeadersBuilder()
                    .setName(header.text("name"))
                    .setValuePrefix(header.text("prefix"));
        }
        String inline = rule.text("jwks");
        if (inline.isEmpty()) {
            String fetched = keys.keys(rule.text("jwksUri"), rule.text("issuer"));
            inline = fetched == null ? NO_KEYS : fetched;
        }
        out.getLocalJwksBuilder().setInlineString(inline);
        return out.build();
    }
}
