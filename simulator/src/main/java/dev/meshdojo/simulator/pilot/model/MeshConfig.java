package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.Duration;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Istio's mesh configuration: the key {@code mesh} of the ConfigMap {@code istio}, read over
 * Istio's defaults.
 *
 * @param view what was written
 */
public record MeshConfig(JsonView view) {

    private static final YAMLMapper YAML = new YAMLMapper();

    /** Istio's defaults. */
    public static final MeshConfig DEFAULT = new MeshConfig(JsonView.ABSENT);

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

    /** Where objects for all namespaces live. */
    public String rootNamespace() {
        return orElse(view.text("rootNamespace"), "istio-system");
    }

    /** The mesh's trust domain. */
    public String trustDomain() {
        return orElse(view.text("trustDomain"), "cluster.local");
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
