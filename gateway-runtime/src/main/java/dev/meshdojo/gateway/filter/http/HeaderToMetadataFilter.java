package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.route.match.SafeRegex;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Copies header values into dynamic metadata. Source: Envoy "Envoy header-to-metadata filter".
 *
 * <p>Not modelled: cookies, and values that are serialized protobufs.
 */
public final class HeaderToMetadataFilter implements HttpFilter {

    private record Target(
            String namespace,
            String key,
            String constant,
            SafeRegex.@Nullable Substitution rewrite,
            boolean number,
            boolean base64) {}

    private record Rule(
            String header, @Nullable Target present, @Nullable Target missing, boolean remove) {}

    private final String name;
    private final List<Rule> requestRules;
    private final List<Rule> responseRules;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when it asks for what is not modelled
     */
    public HeaderToMetadataFilter(String name, Config proto) {
        this.name = name;
        requestRules = proto.getRequestRulesList().stream().map(rule -> rule(name, rule)).toList();
        responseRules =
                proto.getResponseRulesList().stream().map(rule -> rule(name, rule)).toList();
    }

    private static Rule rule(String name, Config.Rule proto) {
        if (proto.getHeader().isEmpty()) {
            throw new InvalidConfigException(
                    "header_to_metadata: only header rules are supported here, not cookies");
        }
        return new Rule(
                proto.getHeader().toLowerCase(Locale.ROOT),
                proto.hasOnHeaderPresent() ? target(name, proto.getOnHeaderPresent()) : null,
                proto.hasOnHeaderMissing() ? target(name, proto.getOnHeaderMissing()) : null,
                proto.getRemove());
    }

    private static Target target(String name, Config.KeyValuePair proto) {
        if (proto.getType() == Config.ValueType.PROTOBUF_VALUE) {
            throw new InvalidConfigException(
                    "header_to_metadata: type PROTOBUF_VALUE is not supported here");
        }
        return new Target(
                proto.getMetadataNamespace().isEmpty() ? name : proto.getMetadataNamespace(),
                proto.getKey(),
                proto.getValue(),
                proto.hasRegexValueRewrite()
                        ? SafeRegex.compile(proto.getRegexValueRewrite())
                        : null,
                proto.getType() == Config.ValueType.NUMBER,
                proto.getEncode() == Config.ValueEncode.BASE64);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        apply(requestRules, context.request().headers(), context);
        return FilterResult.proceed();
    }

    @Override
    public void onResponse(FilterContext context, ResponseHead response) {
        apply(responseRules, response.headers(), context);
    }

    private static void apply(List<Rule> rules, HeaderMap headers, FilterContext context) {
        for (Rule rule : rules) {
            String value = headers.joined(rule.header);
            Target target = value != null ? rule.present : rule.missing;
            if (target != null) {
                store(target, value, context);
            }
            if (value != null && rule.remove) {
                headers.remove(rule.header);
            }
        }
    }

    private static void store(Target target, @Nullable String header, FilterContext context) {
        String text = header == null || !target.constant.isEmpty() ? target.constant : header;
        if (target.rewrite != null) {
            text = target.rewrite.apply(text);
        }
        if (text.isEmpty()) {
            return;
        }
        try {
            if (target.base64) {
                text = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            }
            Object value = target.number ? (Object) Double.valueOf(text) : text;
            context.streamInfo().dynamicMetadata().put(target.namespace, target.key, value);
        } catch (IllegalArgumentException e) {
            // Envoy stores nothing when a value does not convert.
        }
    }
}
