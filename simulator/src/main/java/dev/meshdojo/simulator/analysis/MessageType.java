package dev.meshdojo.simulator.analysis;

import dev.meshdojo.simulator.golang.GoText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What analyzers can say: code, level and wording. Source: the catalogue of messages that Istio
 * publishes as its configuration analysis reference.
 */
public enum MessageType {
    DEPRECATED(2, Level.WARNING, "Deprecated: %s"),
    REFERENCED_RESOURCE_NOT_FOUND(101, Level.ERROR, "Referenced %s not found: %q"),
    NAMESPACE_NOT_INJECTED(
            102,
            Level.INFO,
            "The namespace is not enabled for Istio injection. Run 'kubectl label namespace %s"
                    + " istio-injection=enabled' to enable it, or 'kubectl label namespace %s"
                    + " istio-injection=disabled' to explicitly mark it as not needing injection."),
    POD_MISSING_PROXY(
            103,
            Level.WARNING,
            "The pod %s is missing the Istio proxy. This can often be resolved by restarting or"
                    + " redeploying the workload."),
    SCHEMA_VALIDATION_ERROR(106, Level.ERROR, "Schema validation error: %s"),
    MISPLACED_ANNOTATION(107, Level.WARNING, "Misplaced annotation: %s can only be applied to %s"),
    UNKNOWN_ANNOTATION(108, Level.WARNING, "Unknown annotation: %s"),
    CONFLICTING_MESH_GATEWAY_HOSTS(
            109,
            Level.ERROR,
            "The VirtualServices %s associated with mesh gateway define the same host %s which can"
                    + " lead to undefined behavior. This can be fixed by merging the conflicting"
                    + " VirtualServices into a single resource."),
    CONFLICTING_SIDECAR_SELECTORS(
            110,
            Level.ERROR,
            "The Sidecars %s in namespace %q select the same workload pod %q, which can lead to"
                    + " undefined behavior."),
    SIDECARS_WITHOUT_SELECTOR(
            111,
            Level.ERROR,
            "The Sidecars %s in namespace %q have no workload selector, which can lead to undefined"
                    + " behavior."),
    DESTINATION_PORT_REQUIRED(
            112,
            Level.ERROR,
            "This VirtualService routes to a service %q that exposes multiple ports %s. Specifying"
                    + " a port in the destination is required to disambiguate."),
    DEPLOYMENT_IN_SERVICES_OF_DIFFERENT_PROTOCOLS(
            116,
            Level.WARNING,
            "This deployment %s is associated with multiple services using port %s but different"
                    + " protocols: %s"),
    PORT_NAME_OUTSIDE_CONVENTION(
            118,
            Level.INFO,
            "Port name %s (port: %s, targetPort: %s) doesn't follow the naming convention of Istio"
                    + " port."),
    NAMESPACE_WITH_SEVERAL_INJECTION_LABELS(
            123,
            Level.WARNING,
            "The namespace has more than one type of injection labels %s, which may lead to"
                    + " undefined behavior. Make sure only one injection label exists."),
    INVALID_ANNOTATION(125, Level.WARNING, "Invalid annotation %s: %s"),
    NO_MATCHING_WORKLOADS(
            127,
            Level.WARNING,
            "No matching workloads for this resource with the following labels: %s"),
    NO_SERVER_VERIFICATION(
            128,
            Level.WARNING,
            "DestinationRule %s in namespace %s has TLS mode set to %s but no caCertificates are"
                    + " set to validate server identity for host: %s"),
    NO_SERVER_VERIFICATION_ON_PORT(
            129,
            Level.WARNING,
            "DestinationRule %s in namespace %s has TLS mode set to %s but no caCertificates are"
                    + " set to validate server identity for host: %s at port %s"),
    UNREACHABLE_RULE(130, Level.WARNING, "VirtualService rule %s not used (%s)."),
    INEFFECTIVE_MATCH(
            131,
            Level.INFO,
            "VirtualService rule %s match %s is not used (duplicate/overlapping match in rule"
                    + " %s)."),
    HOST_NOT_IN_GATEWAY(
            132,
            Level.WARNING,
            "one or more host %s defined in VirtualService %s not found in Gateway %s."),
    SCHEMA_WARNING(133, Level.WARNING, "Schema validation warning: %s"),
    SERVICE_ENTRY_ADDRESSES_REQUIRED(
            134, Level.WARNING, "ServiceEntry addresses are required for this protocol."),
    DEPRECATED_ANNOTATION(
            135,
            Level.INFO,
            "Annotation %q has been deprecated%s and may not work in future Istio versions."),
    DEPLOYMENT_WITH_CONFLICTING_PORTS(
            137,
            Level.WARNING,
            "This deployment %s is associated with multiple services %s using targetPort %q but"
                    + " different ports: %s."),
    GATEWAY_DUPLICATE_CERTIFICATE(
            138,
            Level.WARNING,
            "Duplicate certificate in multiple gateways %s may cause 404s if clients re-use HTTP2"
                    + " connections."),
    INVALID_WEBHOOK(139, Level.ERROR, "%s"),
    INGRESS_RULES_NOT_AFFECTED(
            140,
            Level.WARNING,
            "Subset in virtual service %s has no effect on ingress gateway %s requests"),
    INVALID_APPLICATION_UID(
            144, Level.WARNING, "User ID (UID) 1337 is reserved for the sidecar proxy."),
    CONFLICTING_GATEWAYS(
            145,
            Level.ERROR,
            "Conflict with gateways %s (workload selector %s, port %s, hosts %s)."),
    IMAGE_AUTO_NOT_INJECTED_WARNING(
            146,
            Level.WARNING,
            "%s %s contains `image: auto` but does not match any Istio injection webhook"
                    + " selectors."),
    IMAGE_AUTO_NOT_INJECTED_ERROR(
            147,
            Level.ERROR,
            "%s %s contains `image: auto` but does not match any Istio injection webhook"
                    + " selectors."),
    NAMESPACE_INJECTED_BY_DEFAULT(
            148,
            Level.INFO,
            "is enabled for Istio injection, as Istio is installed with enableNamespacesByDefault"
                    + " as true."),
    CLAIM_ROUTING_WITHOUT_REQUEST_AUTHENTICATION(
            149,
            Level.ERROR,
            "The virtual service uses the JWT claim based routing (key: %s) but found no request"
                    + " authentication for the gateway (%s) pod (%s). The request authentication"
                    + " must first be applied for the gateway pods to validate the JWT token and"
                    + " make the claims available for routing."),
    EXTERNAL_NAME_PORT_NAME(
            150,
            Level.WARNING,
            "Port name for ExternalName service is invalid. Proxy may prevent tcp named ports and"
                    + " unmatched traffic for ports serving TCP protocol from being forwarded"
                    + " correctly"),
    ENVOY_FILTER_RELATIVE(
            151,
            Level.WARNING,
            "This EnvoyFilter does not have a priority and has a relative patch operation set which"
                    + " can cause the EnvoyFilter not to be applied. Using the INSERT_FIRST of ADD"
                    + " option or setting the priority may help in ensuring the EnvoyFilter is"
                    + " applied correctly."),
    ENVOY_FILTER_REPLACE(
            152,
            Level.ERROR,
            "The REPLACE operation is only valid for HTTP_FILTER and NETWORK_FILTER."),
    ENVOY_FILTER_ADD(
            153,
            Level.ERROR,
            "The ADD operation will be ignored when applyTo is set to ROUTE_CONFIGURATION, or"
                    + " HTTP_ROUTE."),
    ENVOY_FILTER_REMOVE(
            154,
            Level.ERROR,
            "The REMOVE operation will be ignored when applyTo is set to ROUTE_CONFIGURATION, or"
                    + " HTTP_ROUTE."),
    ENVOY_FILTER_RELATIVE_WITH_PROXY_VERSION(
            155,
            Level.WARNING,
            "This EnvoyFilter does not have a priority and has a relative patch operation"
                    + " (NSTERT_BEFORE/AFTER, REPLACE, MERGE, DELETE) and proxyVersion set which"
                    + " can cause the EnvoyFilter not to be applied during an upgrade. Using the"
                    + " INSERT_FIRST or ADD option or setting the priority may help in ensuring the"
                    + " EnvoyFilter is applied correctly."),
    INVALID_TELEMETRY_PROVIDER(
            157,
            Level.WARNING,
            "The Telemetry %s in namespace %q with empty providers will be ignored."),
    PROXY_IMAGE_MISMATCH(
            158,
            Level.WARNING,
            "The Istio proxy images of the pods running in the namespace do not match the image"
                    + " defined in the injection configuration (pod names: %s). This often happens"
                    + " after upgrading the Istio control-plane and can be fixed by redeploying the"
                    + " pods."),
    CONFLICTING_TELEMETRY_SELECTORS(
            159,
            Level.ERROR,
            "The Telemetries %s in namespace %q select the same workload pod %q, which can lead to"
                    + " undefined behavior."),
    TELEMETRIES_WITHOUT_SELECTOR(
            160,
            Level.ERROR,
            "The Telemetries %s in namespace %q have no workload selector, which can lead to"
                    + " undefined behavior."),
    INVALID_GATEWAY_CREDENTIAL(
            161,
            Level.ERROR,
            "The credential referenced by the Gateway %s in namespace %s is invalid, which can"
                    + " cause the traffic not to work as expected."),
    GATEWAY_PORT_NOT_ON_SERVICE(
            162,
            Level.WARNING,
            "The gateway is listening on a target port (port %s) that is not defined in the Service"
                    + " associated with its workload instances (Pod selector %s). If you need to"
                    + " access the gateway port through the gateway Service, it will not be"
                    + " available."),
    INVALID_EXTERNAL_CONTROL_PLANE(
            163,
            Level.WARNING,
            "The hostname (%s) that was provided for the webhook (%s) to reach the ingress gateway"
                    + " on the external control plane cluster %s. Traffic may not flow properly."),
    EXTERNAL_CONTROL_PLANE_BY_ADDRESS(
            164,
            Level.INFO,
            "The address (%s) that was provided for the webhook (%s) to reach the ingress gateway"
                    + " on the external control plane cluster is an IP address. This is not"
                    + " recommended for a production environment."),
    REFERENCED_INTERNAL_GATEWAY(
            165,
            Level.WARNING,
            "Gateway reference in VirtualService %s is to an implementation-generated internal"
                    + " Gateway: %s."),
    INEFFECTIVE_SELECTOR(
            166,
            Level.WARNING,
            "Ineffective selector on Kubernetes Gateway %s. Use the TargetRef field instead."),
    INEFFECTIVE_POLICY(167, Level.WARNING, "The policy has no impact: %s."),
    NEGATIVE_CONDITION(
            171,
            Level.WARNING,
            "A condition with a negative status is present: type=%s, reason=%s, message=%s."),
    SUBSET_WITHOUT_PODS(
            173,
            Level.ERROR,
            "The Subset %s defined in the DestinationRule does not select any pods. Which may lead"
                    + " to 503 UH (NoHealthyUpstream)."),
    UNKNOWN_DESTINATION_RULE_HOST(
            174,
            Level.WARNING,
            "The host %s defined in the DestinationRule does not match any services in the mesh."),
    UNRESTRICTED_JWKS_FETCH(
            175,
            Level.WARNING,
            "BLOCKED_CIDRS_IN_JWKS_URIS is not configured but %s RequestAuthentication resource(s)"
                    + " exist (%s). Consider configuring it to restrict JWKS URI fetches to trusted"
                    + " networks."),
    CONFLICTING_SERVICE_ENTRY_PROTOCOL(
            177,
            Level.WARNING,
            "Multiple ServiceEntries (%s) define the same host %q and port %s with conflicting"
                    + " protocols (%s).");

    private final String code;
    private final Level level;
    private final String template;

    MessageType(int number, Level level, String template) {
        this.code = String.format(Locale.ROOT, "IST%04d", number);
        this.level = level;
        this.template = template;
    }

    /** {@code IST} and four digits. */
    public String code() {
        return code;
    }

    /** How bad it is. */
    public Level level() {
        return level;
    }

    /**
     * The text with its arguments: {@code %s} plain, {@code %q} quoted as Go does it; lists in
     * brackets with blanks between the items.
     */
    String render(Object... arguments) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        int from = 0;
        for (int at = template.indexOf('%'); at >= 0; at = template.indexOf('%', from)) {
            String value = print(arguments[next++]);
            text.append(template, from, at)
                    .append(template.charAt(at + 1) == 'q' ? GoText.quote(value) : value);
            from = at + 2;
        }
        return text.append(template, from, template.length()).toString();
    }

    private static String print(Object argument) {
        return argument instanceof List<?> items
                ? items.stream().map(String::valueOf).collect(Collectors.joining(" ", "[", "]"))
                : String.valueOf(argument);
    }
}
