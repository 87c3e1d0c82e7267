package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.Duration;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Istio's mesh configuration: the key {@code mesh} of the ConfigMap {@code istio}, read over
 * Istio's defaults.
 *
 * @param view what was written
 */
public record MeshConfig(JsonView view) {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> KEPT_HEADERS =
            Set.of(
                    "forwardedClientCert",
                    "requestId",
                    "attemptCount",
                    "server",
                    "envoyDebugHeaders");

    /** Istio's defaults. */
    public static final MeshConfig DEFAULT = new MeshConfig(JsonView.ABSENT);

    private static final JsonView BUILT_IN =
            parse(
                            """
                            extensionProviders:
                            - {name: prometheus, prometheus: {}}
                            - {name: stackdriver, stackdriver: {}}
                            - {name: envoy, envoyFileAccessLog: {path: /dev/stdout}}
                            """)
                    .view();

    /**
     * The configuration in force; a ConfigMap that is missing or unreadable leaves the defaults.
     */
    public static MeshConfig of(MeshSnapshot snapshot) {
        return of(object(snapshot));
    }

    /** The configuration that the ConfigMap {@code istio} holds; null leaves the defaults. */
    static MeshConfig of(@Nullable KubeObject map) {
        return map == null ? DEFAULT : parse(map.view().at("data").text("mesh"));
    }

    /** The ConfigMap that holds the configuration, or null. */
    static @Nullable KubeObject object(MeshSnapshot snapshot) {
        return snapshot.all("configmaps").find("istio-system", "istio");
    }

    private static MeshConfig parse(String yaml) {
        try {
            return new MeshConfig(JsonView.of(YAML.readTree(yaml)));
        } catch (JsonProcessingException e) {
            return DEFAULT;
        }
    }

    /**
     * This configuration as one proxy sees it: its own settings in place of those of {@code
     * defaultConfig}, each as a whole, but {@code proxyMetadata} and most of {@code proxyHeaders}
     * one by one.
     *
     * @param proxyConfig YAML; what does not read as an object changes nothing
     */
    public MeshConfig with(String proxyConfig) {
        if (proxyConfig.isBlank()) {
            return this;
        }
        JsonNode own;
        try {
            own = YAML.readTree(proxyConfig);
        } catch (JsonProcessingException e) {
            return this;
        }
        if (!own.isObject()) {
            return this;
        }
        ObjectNode mesh =
                view.node() instanceof ObjectNode written
                        ? written.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        ObjectNode defaults = mesh.withObject("/defaultConfig");
        for (Map.Entry<String, JsonNode> field : own.properties()) {
            JsonNode before = defaults.path(field.getKey()).deepCopy();
            defaults.set(field.getKey(), field.getValue());
            if (defaults.get(field.getKey()) instanceof ObjectNode joined) {
                for (Map.Entry<String, JsonNode> inner : before.properties()) {
                    boolean kept =
                            field.getKey().equals("proxyMetadata")
                                    || (field.getKey().equals("proxyHeaders")
                                            && KEPT_HEADERS.contains(inner.getKey()));
                    if (kept && !joined.has(inner.getKey())) {
                        joined.set(inner.getKey(), inner.getValue());
                    }
                }
            }
        }
        return new MeshConfig(JsonView.of(mesh));
    }

    /** Where objects for all namespaces live. */
    public String rootNamespace() {
        return orElse(view.text("rootNamespace"), "istio-system");
    }

    /** The mesh's trust domain. */
    public String trustDomain() {
        return orElse(view.text("trustDomain"), "cluster.local");
    }

    /** Other names of the trust domain. */
    public List<String> trustDomainAliases() {
        return view.texts("trustDomainAliases").stream().distinct().sorted().toList();
    }

    /** The extension provider of that name, Istio's own included; absent when there is none. */
    public JsonView extensionProvider(String name) {
        for (JsonView provider : view.list("extensionProviders")) {
            if (provider.text("name").equalsIgnoreCase(name)) {
                return provider;
            }
        }
        return BUILT_IN.list("extensionProviders").stream()
                .filter(provider -> provider.text("name").equalsIgnoreCase(name))
                .findFirst()
                .orElse(JsonView.ABSENT);
    }

    /** The DNS domain of cluster names. */
    public String domain() {
        return "cluster.local";
    }

    /** Time to wait for an upstream connection. */
    public Duration connectTimeout() {
        Duration timeout = view.duration("connectTimeout");
        return timeout == null ? Durations.seconds(10) : timeout;
    }

    /** How often names of DNS clusters are looked up again. */
    public Duration dnsRefreshRate() {
        Duration rate = view.duration("dnsRefreshRate");
        return rate == null ? Durations.seconds(60) : rate;
    }

    /** Whether mesh TLS is used wherever the other side takes it. */
    public boolean autoMtls() {
        return !view.has("enableAutoMtls") || view.flag("enableAutoMtls");
    }

    /** The proxy defaults, {@code defaultConfig}. */
    public JsonView proxyDefaults() {
        return view.at("defaultConfig");
    }

    /** Locality settings, which are on with no failover rules unless configured. */
    public JsonView localityLbSetting() {
        return view.at("localityLbSetting");
    }

    /** Who sees VirtualServices that do not say. */
    public Visibility virtualServiceExport() {
        return export("defaultVirtualServiceExportTo");
    }

    /** Who sees Services that do not say. */
    public Visibility serviceExport() {
        return export("defaultServiceExportTo");
    }

    /** Who sees DestinationRules that do not say. */
    public Visibility destinationRuleExport() {
        return export("defaultDestinationRuleExportTo");
    }

    /** The class that Ingresses name to be served. */
    public String ingressClass() {
        return orElse(view.text("ingressClass"), "istio");
    }

    /** The value of the label {@code istio} of the gateway pods that serve Ingresses. */
    public String ingressSelector() {
        return orElse(view.text("ingressSelector"), "ingressgateway");
    }

    /** The Service in front of the gateway that serves Ingresses. */
    public String ingressService() {
        return orElse(view.text("ingressService"), "istio-ingressgateway");
    }

    private Visibility export(String field) {
        List<String> written = view.texts(field);
        return written.isEmpty() ? Visibility.PUBLIC : new Visibility(new LinkedHashSet<>(written));
    }

    private static String orElse(String value, String fallback) {
        return value.isEmpty() ? fallback : value;
    }
}
