package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.Hosts;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routes may attach to: a listener, or the mesh itself.
 *
 * @param owner the Gateway or ListenerSet that has the listener
 * @param internalName {@code namespace/name} of the Istio Gateway made from it
 * @param kinds kinds of routes it takes
 * @param hostnames hosts it serves, with namespaces as Istio writes them
 * @param hostname the hostname as written; empty for all
 * @param section its name
 * @param port its port
 * @param protocol its protocol
 */
record Parent(
        ParentKey owner,
        String internalName,
        Set<String> kinds,
        List<String> hostnames,
        String hostname,
        String section,
        int port,
        String protocol) {

    /** The mesh, which routes attach to by naming a Service. */
    static final Parent MESH =
            new Parent(
                    new ParentKey("Mesh", "", "istio"),
                    "mesh",
                    Set.of("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"),
                    List.of(),
                    "",
                    "",
                    0,
                    "");

    /** Whether this is the mesh. */
    boolean mesh() {
        return owner.kind().equals("Mesh");
    }

    /** Why a route may not attach; null when it may. */
    @Nullable ConversionError denied(
            JsonView reference, String routeKind, List<String> routeHosts, String namespace) {
        int wantedPort = reference.integer("port");
        if (wantedPort != 0 && wantedPort != port) {
            return new ConversionError("NoMatchingParent", "port " + wantedPort + " not found");
        }
        String wantedSection = reference.text("sectionName");
        if (!wantedSection.isEmpty() && !wantedSection.equals(section)) {
            return new ConversionError(
                    "NoMatchingParent", "sectionName \"" + wantedSection + "\" not found");
        }
        boolean hostMatched = false;
        boolean matched = false;
        for (String routeHost : routeHosts.isEmpty() ? List.of("*") : routeHosts) {
            for (String own : hostnames) {
                int slash = own.indexOf('/');
                boolean fits = Hosts.overlap(own.substring(slash + 1), routeHost);
                String admitted = own.substring(0, slash);
                hostMatched |= fits;
                matched |= fits && (admitted.equals("*") || admitted.equals(namespace));
            }
        }
        if (!matched) {
            return hostMatched
                    ? new ConversionError(
                            "NotAllowedByListeners",
                            "hostnames matched parent hostname \""
                                    + hostname
                                    + "\", but namespace \""
                                    + namespace
                                    + "\" is not allowed by the parent")
                    : new ConversionError(
                            "NoMatchingListenerHostname",
                            "no hostnames matched parent hostname \"" + hostname + "\"");
        }
        if (!kinds.contains(routeKind)) {
            return new ConversionError(
                    "NotAllowedByListeners",
                    "kind " + Grants.GROUP + "/v1/" + routeKind + " is not allowed");
        }
        return null;
    }

    /** Whether a route's host belongs here rather than to a narrower listener of the Gateway. */
    boolean serves(String routeHost, List<Parent> siblings) {
        if (!hostname.isEmpty() && !Hosts.wildcard(hostname)) {
            return true;
        }
        if (!hostname.isEmpty() && !Hosts.overlap(routeHost, hostname)) {
            return false;
        }
        for (Parent other : siblings) {
            boolean rival =
                    !other.equals(this)
                            && other.port == port
                            && other.protocol.equals(protocol)
                            && !other.hostname.equals(hostname);
            if (rival
                    && hostname.length() <= other.hostname.length()
                    && Hosts.subset(routeHost, other.hostname)) {
                return false;
            }
        }
        return true;
    }
}
