package dev.meshdojo.gateway.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statistic's name twice: as {@code /stats} prints it, and as Prometheus does, where parts of the
 * name have become labels.
 *
 * @param raw such as {@code cluster.outbound|80||a.default.svc.cluster.local.upstream_rq_2xx}
 * @param metric such as {@code envoy_cluster_upstream_rq_xx}
 * @param labels in the order in which they are printed
 */
public record StatName(String raw, String metric, Map<String, String> labels) {

    private static final Pattern CODE = Pattern.compile("^(.*_rq)_(\\d{3})$");
    private static final Pattern CODE_CLASS = Pattern.compile("^(.*_rq)_(\\d)xx$");

    public StatName {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** A name without labels, such as {@code server.live}. */
    public static StatName plain(String name) {
        return new StatName(name, "envoy_" + sanitize(name), Map.of());
    }

    /** {@code cluster.<cluster>.<name>}. */
    public static StatName cluster(String cluster, String name) {
        return labelled("cluster", "envoy_cluster_name", cluster, name);
    }

    /** {@code http.<prefix>.<name>}. */
    public static StatName http(String prefix, String name) {
        return labelled("http", "envoy_http_conn_manager_prefix", prefix, name);
    }

    /** {@code listener.<address>.<name>}, such as {@code listener.0.0.0.0_8080.…}. */
    public static StatName listener(String address, String name) {
        return labelled("listener", "envoy_listener_address", address.replace(':', '_'), name);
    }

    /** {@code tcp.<prefix>.<name>}. */
    public static StatName tcp(String prefix, String name) {
        return labelled("tcp", "envoy_tcp_prefix", prefix, name);
    }

    /** One of Istio's standard metrics, such as {@code istio_requests_total}. */
    public static StatName istio(String metric, Map<String, String> labels) {
        StringBuilder raw = new StringBuilder("istiocustom.").append(metric);
        labels.forEach((name, value) -> raw.append('.').append(name).append('.').append(value));
        return new StatName(raw.toString(), metric, labels);
    }

    private static StatName labelled(String scope, String label, String value, String name) {
        Map<String, String> labels = new LinkedHashMap<>();
        String extracted = name;
        Matcher code = CODE.matcher(name);
        Matcher codeClass = CODE_CLASS.matcher(name);
        if (code.matches()) {
            labels.put("envoy_response_code", code.group(2));
            extracted = code.group(1);
        } else if (codeClass.matches()) {
            labels.put("envoy_response_code_class", codeClass.group(2));
            extracted = codeClass.group(1) + "_xx";
        }
        labels.put(label, value);
        return new StatName(
                scope + "." + value + "." + name,
                "envoy_" + scope + "_" + sanitize(extracted),
                labels);
    }

    private static String sanitize(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }
}
