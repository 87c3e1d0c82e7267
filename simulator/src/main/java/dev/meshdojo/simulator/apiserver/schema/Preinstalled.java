package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The custom kinds that clusters come with. Read once per JVM and shared. */
public final class Preinstalled {

    private Preinstalled() {}

    /** Istio's kinds. */
    public static List<CustomDefinition> istio() {
        return Istio.DEFINITIONS;
    }

    /** The kinds of the Gateway API, experimental channel. */
    public static List<CustomDefinition> gatewayApi() {
        return GatewayApi.DEFINITIONS;
    }

    /** The admission policies that come with the Gateway API's kinds, and their bindings. */
    public static List<ObjectNode> gatewayApiPolicies() {
        return GatewayApi.POLICIES.stream().map(ObjectNode::deepCopy).toList();
    }

    private static final class GatewayApi {
        static final List<CustomDefinition> DEFINITIONS =
                ShapeFile.resource("gateway-api.yaml").definitions();
        static final List<ObjectNode> POLICIES = ShapeFile.objects("gateway-api-policies.yaml");
    }

    private static final class Istio {
        static final List<CustomDefinition> DEFINITIONS =
                ShapeFile.resource("istio.yaml").definitions();
    }
}
