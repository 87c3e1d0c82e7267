package dev.meshdojo.simulator.apiserver.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pods' streaming subresources: {@code log}, {@code exec}, {@code attach} and {@code
 * portforward}, over WebSocket (also with SPDY inside) and SPDY/3.1. The kubelet is connected once
 * it runs.
 */
public final class PodStreamsExtension implements ApiServerExtension, HttpExtension {

    private static final List<String> COMMAND_PROTOCOLS =
            List.of(
                    "v5.channel.k8s.io",
                    "v4.channel.k8s.io",
                    "v4.base64.channel.k8s.io",
                    "v3.channel.k8s.io",
                    "v2.channel.k8s.io",
                    "channel.k8s.io",
                    "base64.channel.k8s.io");
    private static final List<String> FORWARD_PROTOCOLS =
            List.of("v4.channel.k8s.io", "v4.base64.channel.k8s.io");
    private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";

    private volatile @Nullable PodStreams kubelet;
    private @Nullable ResourceApi api;
    private @Nullable ExtensionPoints points;

    /** Sets the node that the pods run on. */
    public void connect(PodStreams streams) {
        kubelet = streams;
    }

    @Override
    public void install(ExtensionPoints points) {
        this.points = points;
        api = points.api("kube-apiserver");
        points.http(this);
    }

    @Override
    public @Nullable ApiResponse answer(ApiRequest request) {
        StreamPath path = StreamPath.parse(request);
        if (path == null) {
            return null;
        }
        boolean scheduled = check(path, request);
        if (path.kind() == StreamPath.Kind.LOG) {
            if (!request.method().equals("GET")) {
                throw Statuses.methodNotAllowed();
            }
            return scheduled
                    ? LogRequest.answer(streams(), path, request)
                    : ApiResponse.bytes(200, "text/plain", new byte[0]);
        }
        throw Statuses.badRequest("Upgrade request required");
    }

    private PodStreams streams() {
        PodStreams streams = kubelet;
        if (streams == null) {
            throw Statuses.internal("no kubelet is connected; start the node first");
        }
        return streams;
    }

    /** Checks pod and container; answers whether the pod has a node. */
    private boolean check(StreamPath path, ApiRequest request) {
        PodName name = path.pod();
        ResourceApi objects = api;
        ObjectNode pod =
                objects == null
                        ? null
                        : objects.find(new ResourceKey("", "pods", name.namespace(), name.name()));
        if (pod == null) {
            throw Statuses.notFound("", "pods", name.name());
        }
        if (path.kind() != StreamPath.Kind.PORT_FORWARD) {
            checkContainer(pod, name.name(), request.parameter("container", ""));
        }
        boolean scheduled = !pod.path("spec").path("nodeName").asText().isEmpty();
        if (!scheduled && path.kind() != StreamPath.Kind.LOG) {
            throw Statuses.badRequest("pod " + name.name() + " does not have a host assigned");
        }
        return scheduled;
    }

    private void admit(StreamPath path, ApiRequest request) {
        ExtensionPoints asked = points;
        if (asked != null) {
            asked.connect(
                    request.user(),
                    path.pod().namespace(),
                    path.pod().name(),
                    path.subresource(),
                    path.options(request));
        }
    }

    private static void checkContainer(ObjectNode pod, String name, String container) {
        List<String> main = names(pod, "containers");
        List<String> init = names(pod, "initContainers");
        if (container.isEmpty() && main.size() > 1) {
            List<String> all = new ArrayList<>(init);
            all.addAll(main);
            all.addAll(names(pod, "ephemeralContainers"));
            throw Statuses.badRequest(
                    "a container name must be specified for pod "
                            + name
                            + ", choose one of: ["
                            + String.join(" ", all)
                            + "]");
        }
        boolean known =
                main.contains(container)
                        || init.contains(container)
                        || names(pod, "ephemeralContainers").contains(container);
        if (!container.isEmpty() && !known) {
            throw Statuses.badRequest("container " + container + " is not valid for pod " + name);
        }
    }

    private static List<String> names(ObjectNode pod, String field) {
        List<String> names = new ArrayList<>();
        for (JsonNode container : pod.path("spec").path(field)) {
            names.add(container.path("name").asText());
        }
        return names;
    }

    @Override
    public boolean upgrade(ApiRequest request, ChannelHandlerContext context, FullHttpRequest raw) {
        StreamPath path = StreamPath.parse(request);
        if (path == null || path.kind() == StreamPath.Kind.LOG) {
            return false;
        }
        Upgrade upgrade = new Upgrade(context, raw);
        Thread.startVirtualThread(
                () -> {
                    Runnable step = decide(path, request, upgrade);
                    context.executor()
                            .execute(
                                    () -> {
                                        step.run();
                                        upgrade.done();
                                    });
                });
        return true;
    }

    /** Checks the request off the event loop; the answer runs on it. */
    private Runnable decide(StreamPath path, ApiRequest request, Upgrade upgrade) {
        try {
            admit(path, request);
            check(path, request);
            PodStreams streams = streams();
            if (path.kind() == StreamPath.Kind.PORT_FORWARD) {
                return portForward(streams, path, request, upgrade);
            }
            return command(streams, CommandRequest.of(path, request), upgrade);
        } catch (ApiException e) {
            return () -> upgrade.refuse(e);
        } catch (RuntimeException e) {
            return () -> upgrade.refuse(Statuses.internal(String.valueOf(e.getMessage())));
        }
    }

    private static Runnable command(PodStreams streams, CommandRequest request, Upgrade upgrade) {
        String header =
                upgrade.webSocket() ? "sec-websocket-protocol" : "x-stream-protocol-version";
        List<String> offered = upgrade.offered(header);
        String protocol = choose(offered, COMMAND_PROTOCOLS);
        if (protocol == null) {
            return unsupported(upgrade, offered, COMMAND_PROTOCOLS);
        }
        if (upgrade.webSocket()) {
            return () ->
                    upgrade.toWebSocket(protocol, new WebSocketCommand(streams, request, protocol));
        }
        return () -> upgrade.toSpdy(protocol, u -> new SpdyCommand(streams, request, protocol));
    }

    private static Runnable portForward(
            PodStreams streams, StreamPath path, ApiRequest request, Upgrade upgrade) {
        Function<Upgrade, ChannelHandler> spdy = u -> new SpdyPortForward(streams, path.pod());
        if (!upgrade.webSocket()) {
            return () -> upgrade.toSpdy("portforward.k8s.io", spdy);
        }
        List<String> offered = upgrade.offered("sec-websocket-protocol");
        if (offered.contains(TUNNEL)) {
            return () ->
                    upgrade.toWebSocket(
                            TUNNEL,
                            new WebSocketTunnel(),
                            Upgrade.spdyCodec(),
                            spdy.apply(upgrade));
        }
        String protocol = choose(offered, FORWARD_PROTOCOLS);
        if (protocol == null) {
            return unsupported(upgrade, offered, FORWARD_PROTOCOLS);
        }
        List<Integer> ports = ports(request);
        return () ->
                upgrade.toWebSocket(
                        protocol, new WebSocketPortForward(streams, path.pod(), ports, protocol));
    }

    private static List<Integer> ports(ApiRequest request) {
        List<Integer> ports = new ArrayList<>();
        for (String list : StreamPath.all(request, "ports")) {
            for (String port : list.split(",")) {
                if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
                    throw Statuses.badRequest("unable to parse \"" + port + "\" as a port");
                }
                ports.add(Integer.parseInt(port));
            }
        }
        if (ports.isEmpty()) {
            throw Statuses.badRequest("query parameter \"port\" is required");
        }
        return ports;
    }

    /**
     * The client's first choice that is ours too; empty when it named none; null when none fits.
     */
    private static @Nullable String choose(List<String> offered, List<String> ours) {
        if (offered.isEmpty()) {
            return "";
        }
        return offered.stream().filter(ours::contains).findFirst().orElse(null);
    }

    private static Runnable unsupported(Upgrade upgrade, List<String> offered, List<String> ours) {
        return () ->
                upgrade.refuse(
                        403,
                        "unable to upgrade: unable to negotiate protocol: client supports ["
                                + String.join(" ", offered)
                                + "], server accepts ["
                                + String.join(" ", ours)
                                + "]\n");
    }
}
