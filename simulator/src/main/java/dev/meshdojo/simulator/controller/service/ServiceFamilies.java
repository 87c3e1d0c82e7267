package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.validation.Validation;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The IP families of a Service on a cluster that has IPv4 only. Source: {@code initIPFamilyFields}
 * in Kubernetes' {@code pkg/registry/core/service/storage/alloc.go}.
 */
final class ServiceFamilies {

    private static final String POLICY = "ipFamilyPolicy";
    private static final String FAMILIES = "ipFamilies";
    private static final String BOTH = "must be 'RequireDualStack' or 'PreferDualStack' when ";

    private ServiceFamilies() {}

    /**
     * Fills in policy and families.
     *
     * @throws dev.meshdojo.simulator.apiserver.ApiException 422 when they cannot be had
     */
    static void fill(String name, ObjectNode spec, @Nullable ObjectNode old) {
        if (Fields.text(spec, "type").equals("ExternalName")) {
            return;
        }
        boolean headless = Fields.text(spec, "clusterIP").equals("None");
        boolean unselective = headless && spec.path("selector").isEmpty();
        if (!spec.hasNonNull(POLICY)) {
            String before = old == null ? "" : Fields.text(old, "spec", POLICY);
            String fresh = unselective ? "RequireDualStack" : "SingleStack";
            spec.put(POLICY, before.isEmpty() ? fresh : before);
        }
        refuse(name, Validation.serviceAddresses(spec));
        refuse(name, contradictions(spec));
        List<FieldError> unknown = infer(spec);
        refuse(name, unknown);
        boolean single = Fields.text(spec, POLICY).equals("SingleStack");
        if (unselective) {
            ArrayNode families = families(spec);
            if (families.isEmpty()) {
                families.add("IPv4");
            }
            if (families.size() < 2 && !single) {
                families.add(families.path(0).asText().equals("IPv4") ? "IPv6" : "IPv4");
            }
            return;
        }
        refuse(name, unconfigured(spec));
        if (families(spec).isEmpty()) {
            families(spec).add("IPv4");
        }
    }

    private static ArrayNode families(ObjectNode spec) {
        return spec.get(FAMILIES) instanceof ArrayNode found ? found : spec.putArray(FAMILIES);
    }

    private static void refuse(String name, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw Statuses.invalid("", "Service", name, errors);
        }
    }

    private static List<FieldError> contradictions(ObjectNode spec) {
        List<FieldError> errors = new ArrayList<>();
        if (Fields.text(spec, POLICY).equals("SingleStack")) {
            if (spec.path("clusterIPs").size() == 2) {
                errors.add(policy(spec, BOTH + "multiple cluster IPs are specified"));
            }
            if (spec.path(FAMILIES).size() == 2) {
                errors.add(policy(spec, BOTH + "multiple IP families are specified"));
            }
        }
        return errors;
    }

    private static FieldError policy(ObjectNode spec, String detail) {
        return FieldError.invalid("spec." + POLICY, spec.get(POLICY), detail);
    }

    private static List<FieldError> infer(ObjectNode spec) {
        List<FieldError> errors = new ArrayList<>();
        int index = 0;
        for (JsonNode ip : spec.path("clusterIPs")) {
            if (ip.asText().equals("None")) {
                break;
            }
            if (index >= spec.path(FAMILIES).size()) {
                if (ip.asText().contains(":")) {
                    errors.add(
                            FieldError.invalid(
                                    "spec.clusterIPs[" + index + "]",
                                    spec.get("clusterIPs"),
                                    "IPv6 is not configured on this cluster"));
                } else {
                    families(spec).add("IPv4");
                }
            }
            index++;
        }
        return errors;
    }

    private static List<FieldError> unconfigured(ObjectNode spec) {
        List<FieldError> errors = new ArrayList<>();
        if (Fields.text(spec, POLICY).equals("RequireDualStack")) {
            errors.add(policy(spec, "this cluster is not configured for dual-stack services"));
        }
        int index = 0;
        for (JsonNode family : spec.path(FAMILIES)) {
            if (!family.asText().equals("IPv4")) {
                errors.add(
                        FieldError.invalid(
                                "spec." + FAMILIES + "[" + index + "]",
                                TextNode.valueOf(family.asText()),
                                "not configured on this cluster"));
            }
            index++;
        }
        return errors;
    }
}
