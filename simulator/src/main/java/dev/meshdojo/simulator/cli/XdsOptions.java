package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.istio.IstioRelease;
import dev.meshdojo.simulator.istio.proxy.ProxyPod;
import dev.meshdojo.simulator.istio.proxy.XdsBootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who a gateway says it is when it asks a control plane, and how it asks. */
final class XdsOptions {

    private static final String HEADING = "With --xds: ";
    private static final String BOTH = "With --xds and --kubeconfig: ";

    @Option(
            names = "--node-id",
            paramLabel = "ID",
            description =
                    HEADING
                            + "the node's id. Default: router~IP~POD.NAMESPACE~NAMESPACE"
                            + ".svc.cluster.local")
    private @Nullable String nodeId;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = HEADING + "the node's service cluster. Default: POD.NAMESPACE")
    private @Nullable String cluster;

    @Option(
            names = "--namespace",
            paramLabel = "NS",
            description = BOTH + "the namespace the gateway counts to. Default: ${DEFAULT-VALUE}")
    private String namespace = "istio-system";

    @Option(
            names = "--pod",
            paramLabel = "NAME",
            description = BOTH + "the pod's name. Default: ${DEFAULT-VALUE}")
    private String pod = "meshdojo-gateway";

    @Option(
            names = "--ip",
            paramLabel = "IP",
            description = BOTH + "the pod's address. Default: ${DEFAULT-VALUE}")
    private String ip = "127.0.0.1";

    @Option(
            names = "--service-account",
            paramLabel = "NAME",
            description = HEADING + "the pod's service account, which is the token's.")
    private String serviceAccount = "";

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = {
                BOTH + "a label of the pod, which Gateways select by; may be repeated.",
                "Default: app=istio-ingressgateway and istio=ingressgateway"
            })
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = HEADING + "speak TLS and trust these authorities (PEM).")
    private @Nullable Path caFile;

    @Option(
            names = "--tls-name",
            paramLabel = "NAME",
            description =
                    HEADING
                            + "the DNS name that the control plane's certificate must have."
                            + " Default: ${DEFAULT-VALUE}")
    private String tlsName = "istiod.istio-system.svc";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = HEADING + "show this bearer token; TLS only.")
    private @Nullable Path tokenFile;

    /** Who the gateway says it is. */
    String node() {
        return nodeId == null ? pod().nodeId() : nodeId;
    }

    /** The pod that the gateway stands for. */
    ProxyPod pod() {
        Map<String, String> all =
                labels.isEmpty()
                        ? Map.of("app", "istio-ingressgateway", "istio", "ingressgateway")
                        : labels;
        return new ProxyPod(pod, namespace, ip, pod, serviceAccount, all);
    }

    /** A bootstrap that asks {@code server}, given as {@code HOST:PORT}. */
    Bootstrap bootstrap(String server) {
        int colon = server.lastIndexOf(':');
        int port = colon < 1 ? -1 : port(server.substring(colon + 1));
        if (port < 1) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "--xds: " + server + " (expected: HOST:PORT, such as 127.0.0.1:15010)");
        }
        String host = server.substring(0, colon).replace("[", "").replace("]", "");
        Node.Builder node = pod().node(IstioRelease.CURRENT.version()).toBuilder();
        node.setId(node());
        String serviceCluster = cluster;
        if (serviceCluster != null) {
            node.setCluster(serviceCluster);
        }
        return XdsBootstrap.of(node.build(), new XdsBootstrap.Server(host, port, tls()));
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port < 65536 ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private Optional<XdsBootstrap.Tls> tls() {
        Path authorities = caFile;
        Path token = tokenFile;
        if (authorities == null) {
            if (token != null) {
                throw new CliException(
                        ExitCode.BAD_INPUT,
                        "--token-file: a token is shown over TLS only; add --ca-file with the mesh's"
                                + " root certificate (ConfigMap istio-ca-root-cert)");
            }
            return Optional.empty();
        }
        return Optional.of(
                new XdsBootstrap.Tls(
                        text("--ca-file", authorities),
                        tlsName,
                        token == null ? "" : text("--token-file", token).strip()));
    }

    private static String text(String option, Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new CliException(
                    ExitCode.BAD_INPUT, option + ": no file " + file + "; check the name");
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    option + ": " + file + " cannot be read: " + e.getMessage());
        }
    }
}
