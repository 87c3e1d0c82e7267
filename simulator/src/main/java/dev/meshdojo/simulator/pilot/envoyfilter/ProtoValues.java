package dev.meshdojo.simulator.pilot.envoyfilter;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads patch values, and merges messages as Istio does. */
final class ProtoValues {

    private static final String DURATION = "google.protobuf.Duration";

    private ProtoValues() {}

    /** The message that a patch's value is, or null when it is not one. */
    static @Nullable Message read(String applyTo, JsonView value) {
        Message.Builder out =
                switch (applyTo) {
                    case "LISTENER" -> Listener.newBuilder();
                    case "LISTENER_FILTER" -> ListenerFilter.newBuilder();
                    case "FILTER_CHAIN" -> FilterChain.newBuilder();
                    case "NETWORK_FILTER" -> Filter.newBuilder();
                    case "HTTP_FILTER" -> HttpFilter.newBuilder();
                    case "ROUTE_CONFIGURATION" -> RouteConfiguration.newBuilder();
                    case "VIRTUAL_HOST" -> VirtualHost.newBuilder();
                    case "HTTP_ROUTE" -> Route.newBuilder();
                    case "CLUSTER" -> Cluster.newBuilder();
                    case "EXTENSION_CONFIG" -> TypedExtensionConfig.newBuilder();
                    default -> null;
                };
        if (out == null) {
            return null;
        }
        if (!value.present()) {
            return out.build();
        }
        JsonFormat.TypeRegistry.Builder types = JsonFormat.TypeRegistry.newBuilder();
        Set<String> known = new HashSet<>();
        collectTypes(value, types, known);
        try {
            JsonFormat.parser()
                    .ignoringUnknownFields()
                    .usingTypeRegistry(types.build())
                    .merge(value.node().toString(), out);
            return out.build();
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private static void collectTypes(
            JsonView value, JsonFormat.TypeRegistry.Builder types, Set<String> known) {
        if (value.node().isArray()) {
            value.elements().forEach(element -> collectTypes(element, types, known));
            return;
        }
        String url = value.text("@type");
        if (!url.isEmpty() && known.add(url)) {
            Message prototype = prototype(url);
            if (prototype != null) {
                types.add(prototype.getDescriptorForType());
            }
        }
        value.fields().values().forEach(field -> collectTypes(field, types, known));
    }

    /** An empty message of the type, or null when this program does not know it. */
    private static @Nullable Message prototype(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        for (String prefix : new String[] {"io.envoyproxy.", "com.github.", "com.github.udpa."}) {
            Message found = load(prefix + name);
            if (found != null) {
                return found;
            }
        }
        return name.startsWith("google.protobuf.") ? load("com." + name) : null;
    }

    private static @Nullable Message load(String className) {
        try {
            Object prototype =
                    Class.forName(className).getMethod("getDefaultInstance").invoke(null);
            return prototype instanceof Message message ? message : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Merges {@code from} into {@code into}: lists grow, maps and durations are replaced. */
    static void merge(Message.Builder into, Message from) {
        replaceDurations(into, from);
        into.mergeFrom(from);
    }

    private static void replaceDurations(Message.Builder into, Message from) {
        for (FieldDescriptor field : from.getAllFields().keySet()) {
            if (field.isRepeated() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            Descriptor type = field.getMessageType();
            if (type.getFullName().equals(DURATION)) {
                into.clearField(field);
            } else if (into.hasField(field)) {
                replaceDurations(into.getFieldBuilder(field), (Message) from.getField(field));
            }
        }
    }

    /** Both settings in one; {@code base} alone when they are of different types. */
    static Any merge(Any base, Any patch) {
        if (!base.getTypeUrl().equals(patch.getTypeUrl())) {
            return base;
        }
        Message prototype = prototype(base.getTypeUrl());
        if (prototype == null) {
            return base;
        }
        try {
            Message.Builder merged = prototype.newBuilderForType().mergeFrom(base.getValue());
            merge(merged, prototype.newBuilderForType().mergeFrom(patch.getValue()).build());
            return Any.pack(merged.build());
        } catch (InvalidProtocolBufferException e) {
            return base;
        }
    }
}
