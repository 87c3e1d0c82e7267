package dev.meshdojo.simulator.pilot.server.ads;

import com.google.protobuf.Message;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.controlplane.cache.Resources;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The types of resources that are served, in the order in which changes are pushed: what is
 * referred to comes before what refers to it.
 */
enum XdsType {
    CLUSTER("CDS", Resources.V3.CLUSTER_TYPE_URL, true, XdsSnapshot::clusters),
    ENDPOINT("EDS", Resources.V3.ENDPOINT_TYPE_URL, false, XdsSnapshot::endpoints),
    LISTENER("LDS", Resources.V3.LISTENER_TYPE_URL, true, XdsSnapshot::listeners),
    ROUTE("RDS", Resources.V3.ROUTE_TYPE_URL, false, XdsSnapshot::routes),
    SECRET("SDS", Resources.V3.SECRET_TYPE_URL, false, XdsSnapshot::secrets);

    private final String service;
    private final String url;
    private final boolean wildcard;
    private final Function<XdsSnapshot, List<? extends Message>> resources;

    XdsType(
            String service,
            String url,
            boolean wildcard,
            Function<XdsSnapshot, List<? extends Message>> resources) {
        this.service = service;
        this.url = url;
        this.wildcard = wildcard;
        this.resources = resources;
    }

    /** The type of a URL, or null when it is not served. */
    static @Nullable XdsType of(String url) {
        for (XdsType type : values()) {
            if (type.url.equals(url)) {
                return type;
            }
        }
        return null;
    }

    /** The service's abbreviation, as istiod's log names it. */
    String service() {
        return service;
    }

    /** The type URL. */
    String url() {
        return url;
    }

    /** Whether a request without names asks for all. */
    boolean wildcard() {
        return wildcard;
    }

    List<? extends Message> of(XdsSnapshot snapshot) {
        return resources.apply(snapshot);
    }
}
