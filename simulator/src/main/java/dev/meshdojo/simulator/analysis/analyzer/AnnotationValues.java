package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoText;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which values the injector accepts for the annotations that it reads. Pure. */
final class AnnotationValues {

    private static final String TRAFFIC = "traffic.sidecar.istio.io/";
    private static final String READINESS = "readiness.status.sidecar.istio.io/";
    private static final Set<String> TRUE_FALSE =
            Set.of("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False");
    private static final Pattern QUANTITY =
            Pattern.compile(
                    "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?");
    private static final Pattern QUANTITY_SHAPE =
            Pattern.compile("([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)");
    private static final Map<String, Function<String, @Nullable String>> CHECKS =
            Map.ofEntries(
                    Map.entry("sidecar.istio.io/interceptionMode", AnnotationValues::interception),
                    Map.entry(
                            "status.sidecar.istio.io/port",
                            value -> prefixed("excludeInboundPorts invalid: ", port(value))),
                    Map.entry(READINESS + "initialDelaySeconds", AnnotationValues::seconds),
                    Map.entry(READINESS + "periodSeconds", AnnotationValues::seconds),
                    Map.entry(READINESS + "failureThreshold", AnnotationValues::seconds),
                    Map.entry(
                            TRAFFIC + "includeOutboundIPRanges",
                            value -> value.equals("*") ? null : ranges("includeIPRanges", value)),
                    Map.entry(
                            TRAFFIC + "excludeOutboundIPRanges",
                            value -> ranges("excludeIPRanges", value)),
                    Map.entry(
                            TRAFFIC + "includeInboundPorts",
                            value ->
                                    value.equals("*") ? null : ports("includeInboundPorts", value)),
                    Map.entry(
                            TRAFFIC + "excludeInboundPorts",
                            value -> ports("excludeInboundPorts", value)),
                    Map.entry(
                            TRAFFIC + "excludeOutboundPorts",
                            value -> ports("excludeOutboundPorts", value)),
                    Map.entry("prometheus.istio.io/merge-metrics", AnnotationValues::flag),
                    Map.entry("sidecar.istio.io/proxyCPU", AnnotationValues::quantity),
                    Map.entry("sidecar.istio.io/proxyMemory", AnnotationValues::quantity),
                    Map.entry("sidecar.istio.io/proxyCPULimit", AnnotationValues::quantity),
                    Map.entry("sidecar.istio.io/proxyMemoryLimit", AnnotationValues::quantity));

    private AnnotationValues() {}

    /** What is wrong with a value, null when nothing is. */
    static @Nullable String problem(String annotation, String value) {
        Function<String, @Nullable String> check = CHECKS.get(annotation);
        return check == null ? null : check.apply(value);
    }

    private static @Nullable String interception(String mode) {
        return Set.of("REDIRECT", "TPROXY", "NONE").contains(mode)
                ? null
                : "interceptionMode invalid, use REDIRECT,TPROXY,NONE: " + mode;
    }

    private static @Nullable String seconds(String value) {
        return unsigned(value, 32);
    }

    private static @Nullable String flag(String value) {
        return TRUE_FALSE.contains(value)
                ? null
                : "strconv.ParseBool: parsing " + GoText.quote(value) + ": invalid syntax";
    }

    private static @Nullable String quantity(String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            return "value contains control characters";
        }
        if (value.isEmpty() || !QUANTITY_SHAPE.matcher(value).matches()) {
            return "quantities must match the regular expression"
                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        }
        return QUANTITY.matcher(value).matches() ? null : "unable to parse quantity's suffix";
    }

    private static @Nullable String ranges(String parameter, String list) {
        if (list.isEmpty()) {
            return null;
        }
        for (String range : list.split(",", -1)) {
            String problem = GoAddress.prefixError(range);
            if (!problem.isEmpty()) {
                return parameter + " invalid: failed parsing cidr '" + range + "': " + problem;
            }
        }
        return null;
    }

    private static @Nullable String ports(String parameter, String list) {
        String stripped = list.strip();
        if (stripped.isEmpty()) {
            return null;
        }
        for (String port : stripped.split(",", -1)) {
            String problem = port(port);
            if (problem != null) {
                return parameter + " invalid: failed parsing port '" + port + "': " + problem;
            }
        }
        return null;
    }

    private static @Nullable String port(String port) {
        return prefixed("failed parsing port '" + port + "': ", unsigned(port.strip(), 16));
    }

    private static @Nullable String prefixed(String prefix, @Nullable String problem) {
        return problem == null ? null : prefix + problem;
    }

    /** What Go says of text that is no unsigned number of so many bits. */
    private static @Nullable String unsigned(String text, int bits) {
        String problem;
        if (!text.matches("[0-9]+")) {
            problem = "invalid syntax";
        } else if (new BigInteger(text).bitLength() > bits) {
            problem = "value out of range";
        } else {
            return null;
        }
        return "strconv.ParseUint: parsing " + GoText.quote(text) + ": " + problem;
    }
}
