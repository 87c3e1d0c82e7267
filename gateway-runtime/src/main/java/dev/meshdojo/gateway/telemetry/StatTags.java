package dev.meshdojo.gateway.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which labels parts of Envoy's statistic names become. */
public enum StatTags {
    /** Envoy's own: {@code envoy_cluster_name}, {@code envoy_response_code_class="2"}. */
    ENVOY,
    /**
     * Those that Istio's bootstrap sets with {@code stats_tags}: {@code cluster_name}, {@code
     * response_code_class="2xx"}.
     */
    ISTIO;

    <T> Map<StatName, T> applyTo(Map<StatName, T> statistics) {
        if (this == ENVOY) {
            return statistics;
        }
        Map<StatName, T> renamed = new LinkedHashMap<>();
        statistics.forEach((name, value) -> renamed.put(istio(name), value));
        return renamed;
    }

    /** Istio ends names with a semicolon, since names have dots in them. */
    private static String withoutEnd(String value) {
        return value.endsWith(";") ? value.substring(0, value.length() - 1) : value;
    }

    private static StatName istio(StatName name) {
        Map<String, String> labels = new LinkedHashMap<>();
        String metric = name.metric();
        for (Map.Entry<String, String> label : name.labels().entrySet()) {
            String key = label.getKey();
            if (key.equals("envoy_response_code_class")) {
                labels.put("response_code_class", label.getValue() + "xx");
                metric = metric.substring(0, metric.length() - "_xx".length());
            } else {
                labels.put(
                        key.startsWith("envoy_") ? key.substring("envoy_".length()) : key,
                        withoutEnd(label.getValue()));
            }
        }
        return new StatName(name.raw(), metric, labels);
    }
}
