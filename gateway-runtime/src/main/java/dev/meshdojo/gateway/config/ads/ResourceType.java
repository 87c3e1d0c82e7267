package dev.meshdojo.gateway.config.ads;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The types of resources, in the order in which they are asked for. */
enum ResourceType {
    CLUSTER(Cluster.class, each -> ((Cluster) each).getName()),
    ENDPOINT(ClusterLoadAssignment.class, each -> ((ClusterLoadAssignment) each).getClusterName()),
    SECRET(Secret.class, each -> ((Secret) each).getName()),
    LISTENER(Listener.class, each -> ((Listener) each).getName()),
    ROUTE(RouteConfiguration.class, each -> ((RouteConfiguration) each).getName());

    private final Class<? extends Message> type;
    private final Function<Message, String> name;

    ResourceType(Class<? extends Message> type, Function<Message, String> name) {
        this.type = type;
        this.name = name;
    }

    static @Nullable ResourceType of(String url) {
        for (ResourceType type : values()) {
            if (type.url().equals(url)) {
                return type;
            }
        }
        return null;
    }

    String url() {
        return "type.googleapis.com/"
                + com.google.protobuf.Internal.getDefaultInstance(type)
                        .getDescriptorForType()
                        .getFullName();
    }

    /** Whether all resources of the type are asked for, not named ones. */
    boolean wildcard() {
        return this == CLUSTER || this == LISTENER;
    }

    String name(Message resource) {
        return name.apply(resource);
    }

    Message unpack(Any resource) throws InvalidProtocolBufferException {
        return resource.unpack(type);
    }

    /** Envoy's text about resources that were refused, from one line for each of them. */
    String refusal(java.util.List<String> lines) {
        return switch (this) {
            case CLUSTER -> "Error adding/updating cluster(s) " + String.join(", ", lines);
            case LISTENER -> "Error adding/updating listener(s) " + String.join("\n", lines) + "\n";
            case ENDPOINT, ROUTE, SECRET -> String.join(", ", lines);
        };
    }

    /** One refused resource in that text. */
    String line(String resource, String reason) {
        return wildcard() ? resource + ": " + reason : reason;
    }
}
