package dev.meshdojo.gateway.filter.http;

import com.google.protobuf.Struct;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.StructValues;
import dev.meshdojo.gateway.stream.DynamicMetadata;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts fixed values into dynamic metadata. Source: Envoy "Set Metadata". Not modelled: typed
 * values, which nothing here reads.
 */
public final class SetMetadataFilter implements HttpFilter {

    private record Step(
            String namespace, boolean overwrite, Map<String, @Nullable Object> values) {}

    private final String name;
    private final List<Step> steps = new ArrayList<>();

    /** Compiles {@code proto}. */
    public SetMetadataFilter(String name, Config proto) {
        this.name = name;
        addDeprecated(proto);
        for (Metadata metadata : proto.getMetadataList()) {
            if (metadata.hasValue()) {
                steps.add(
                        step(
                                metadata.getMetadataNamespace(),
                                metadata.getAllowOverwrite(),
                                metadata.getValue()));
            }
        }
    }

    @SuppressWarnings("deprecation") // still read by Envoy
    private void addDeprecated(Config proto) {
        if (proto.hasValue()) {
            steps.add(step(proto.getMetadataNamespace(), true, proto.getValue()));
        }
    }

    private static Step step(String namespace, boolean overwrite, Struct values) {
        return new Step(namespace, overwrite, StructValues.map(values));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        DynamicMetadata metadata = context.streamInfo().dynamicMetadata();
        for (Step step : steps) {
            Map<String, @Nullable Object> known = metadata.all().get(step.namespace());
            if (known == null) {
                metadata.merge(step.namespace(), step.values());
            } else if (step.overwrite()) {
                metadata.merge(step.namespace(), joined(known, step.values()));
            }
        }
        return FilterResult.proceed();
    }

    /**
     * Values join as protobuf's structures do: lists grow, maps are joined, others are replaced.
     */
    private static Map<String, @Nullable Object> joined(
            Map<?, ?> known, Map<String, @Nullable Object> more) {
        Map<String, @Nullable Object> all = new TreeMap<>();
        known.forEach((key, value) -> all.put(String.valueOf(key), value));
        more.forEach(
                (key, value) -> {
                    Object old = all.get(key);
                    if (old instanceof List<?> first && value instanceof List<?> second) {
                        List<@Nullable Object> list = new ArrayList<>(first);
                        list.addAll(second);
                        all.put(key, list);
                    } else if (old instanceof Map<?, ?> first
                            && value instanceof Map<?, ?> second) {
                        Map<String, @Nullable Object> inner = new TreeMap<>();
                        second.forEach((k, v) -> inner.put(String.valueOf(k), v));
                        all.put(key, joined(first, inner));
                    } else {
                        all.put(key, value);
                    }
                });
        return all;
    }
}
