package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the built-in kinds, beyond those of metadata, in the order and the words of
 * Kubernetes 1.35. Objects come decoded and with their defaults. Stateless and thread-safe.
 */
public final class Validation {

    private Validation() {}

    /** What is wrong with a new object. */
    public static List<FieldError> create(String kind, JsonNode object) {
        Check check = new Check();
        At at = At.root(object);
        switch (kind) {
            case "Pod" -> PodRules.create(check, at);
            case "Service" -> ServiceRules.create(check, at);
            case "Ingress" -> IngressRules.create(check, at);
            case "StatefulSet" -> WorkloadRules.statefulSet(check, at.get("spec"), true);
            case "Job" -> JobRules.job(check, at);
            default -> any(check, kind, at, At.root(MissingNode.getInstance()));
        }
        return check.errors();
    }

    /** What is wrong with a change of an object. */
    public static List<FieldError> update(String kind, JsonNode object, JsonNode before) {
        Check check = new Check();
        At at = At.root(object);
        At old = At.root(before);
        switch (kind) {
            case "Pod" -> PodRules.update(check, at, old);
            case "Service" -> ServiceRules.update(check, at, old);
            case "ConfigMap" -> ConfigRules.configMapUpdate(check, at, old);
            case "Secret" -> ConfigRules.secretUpdate(check, at, old);
            case "Deployment", "ReplicaSet" -> {
                any(check, kind, at, old);
                check.immutable(at.get("spec", "selector"), old.get("spec", "selector"));
            }
            case "DaemonSet" -> {
                check.immutable(at.get("spec", "selector"), old.get("spec", "selector"));
                any(check, kind, at, old);
            }
            case "StatefulSet" -> WorkloadRules.statefulSetUpdate(check, at, old);
            case "Job" -> JobRules.update(check, at, old);
            case "EndpointSlice" -> {
                any(check, kind, at, old);
                check.immutable(at.get("addressType"), old.get("addressType"));
            }
            case "RoleBinding", "ClusterRoleBinding" ->
                    RbacRules.bindingUpdate(check, at, old, kind.equals("RoleBinding"));
            case "IngressClass" -> {
                check.immutable(at.get("spec", "controller"), old.get("spec", "controller"));
                any(check, kind, at, old);
            }
            case "PersistentVolumeClaim" -> StorageRules.claimUpdate(check, at, old);
            case "PersistentVolume" -> StorageRules.volumeUpdate(check, at, old);
            case "StorageClass" -> StorageRules.storageClassUpdate(check, at, old);
            case "ResourceQuota" -> PolicyRules.quotaUpdate(check, at, old);
            case "PriorityClass" -> PolicyRules.priorityClassUpdate(check, at, old);
            case "IPAddress" ->
                    check.immutable(at.get("spec", "parentRef"), old.get("spec", "parentRef"));
            case "ServiceCIDR" -> AddressKindRules.rangeUpdate(check, at, old);
            case "CSIDriver" -> StorageKindRules.driverUpdate(check, at, old);
            case "CSIStorageCapacity" -> StorageKindRules.capacityUpdate(check, at, old);
            case "VolumeAttachment" -> StorageKindRules.attachmentUpdate(check, at, old);
            case "VolumeAttributesClass" -> StorageKindRules.attributesUpdate(check, at, old);
            case "RuntimeClass" -> check.immutable(at.get("handler"), old.get("handler"));
            case "Node" -> PolicyRules.nodeUpdate(check, at, old);
            case "CertificateSigningRequest" -> CertificateRules.update(check, at, old, "");
            case "CustomResourceDefinition" -> CustomDefinitionRules.update(check, at, old);
            default -> any(check, kind, at, old);
        }
        return check.errors();
    }

    private static void any(Check check, String kind, At at, At old) {
        At spec = at.get("spec");
        switch (kind) {
            case "PodTemplate" -> PodRules.template(check, at.get("template"));
            case "ConfigMap" -> ConfigRules.configMap(check, at);
            case "Secret" -> ConfigRules.secret(check, at);
            case "Deployment" -> WorkloadRules.deployment(check, spec);
            case "ReplicaSet" -> WorkloadRules.replicaSet(check, spec);
            case "DaemonSet" -> WorkloadRules.daemonSet(check, spec);
            case "ReplicationController" -> WorkloadRules.controller(check, spec);
            case "CronJob" -> JobRules.cronJob(check, at, old);
            case "Ingress" -> IngressRules.ingress(check, at);
            case "IngressClass" -> IngressRules.ingressClass(check, spec);
            case "NetworkPolicy" -> NetworkRules.networkPolicy(check, spec);
            case "EndpointSlice" -> NetworkRules.endpointSlice(check, at, old);
            case "Endpoints" -> NetworkRules.endpointsObject(check, at, old);
            case "HorizontalPodAutoscaler" -> AutoscalerRules.validate(check, spec);
            case "PodDisruptionBudget" -> PolicyRules.budget(check, spec);
            case "ResourceQuota" -> PolicyRules.quota(check, spec);
            case "LimitRange" -> PolicyRules.limitRange(check, spec);
            case "Lease" -> PolicyRules.lease(check, spec);
            case "PriorityClass" -> PolicyRules.priorityClass(check, at);
            case "RuntimeClass" -> PolicyRules.runtimeClass(check, at);
            case "Node" -> PolicyRules.node(check, at);
            case "Namespace" -> PolicyRules.namespace(check, spec.get("finalizers"));
            case "IPAddress" -> AddressKindRules.address(check, spec);
            case "ServiceCIDR" -> AddressKindRules.range(check, spec);
            case "CSIDriver" -> StorageKindRules.driver(check, at);
            case "CSINode" -> StorageKindRules.node(check, spec);
            case "CSIStorageCapacity" -> StorageKindRules.capacity(check, at);
            case "VolumeAttachment" -> StorageKindRules.attachment(check, spec);
            case "VolumeAttributesClass" -> StorageKindRules.attributes(check, at);
            case "Role", "ClusterRole" -> RbacRules.role(check, at, kind.equals("Role"));
            case "RoleBinding", "ClusterRoleBinding" ->
                    RbacRules.binding(check, at, kind.equals("RoleBinding"));
            case "PersistentVolumeClaim" -> StorageRules.claimSpec(check, spec);
            case "PersistentVolume" -> StorageRules.volume(check, spec);
            case "StorageClass" -> StorageRules.storageClass(check, at);
            case "ValidatingWebhookConfiguration" -> WebhookRules.configuration(check, at, false);
            case "MutatingWebhookConfiguration" -> WebhookRules.configuration(check, at, true);
            case "ValidatingAdmissionPolicy" -> AdmissionPolicyRules.policy(check, at);
            case "ValidatingAdmissionPolicyBinding" -> AdmissionPolicyRules.binding(check, spec);
            case "CertificateSigningRequest" -> CertificateRules.validate(check, at);
            case "CustomResourceDefinition" -> CustomDefinitionRules.create(check, at);
            default -> {}
        }
    }

    /** What is wrong with the fields of a Service's spec that say which addresses it has. */
    public static List<FieldError> serviceAddresses(JsonNode spec) {
        Check check = new Check();
        ServiceRules.addresses(
                check, At.root(JsonNodeFactory.instance.objectNode().set("spec", spec)));
        return check.errors();
    }

    /** What is wrong with a change of the status. */
    public static List<FieldError> status(String kind, JsonNode object, JsonNode before) {
        Check check = new Check();
        At at = At.root(object);
        At old = At.root(before);
        switch (kind) {
            case "Pod" -> PodRules.status(check, at, old);
            case "Service" -> ServiceRules.status(check, at);
            case "Ingress" -> IngressRules.status(check, at);
            case "Deployment", "ReplicaSet", "StatefulSet", "ReplicationController" ->
                    WorkloadRules.status(check, at.get("status"));
            case "CertificateSigningRequest" -> CertificateRules.update(check, at, old, "status");
            default -> {}
        }
        return check.errors();
    }

    /** What is wrong with a change through another subresource; null when it has no rules. */
    public static @Nullable List<FieldError> subresource(
            String kind, String subresource, JsonNode object, JsonNode before) {
        Check check = new Check();
        At at = At.root(object);
        At old = At.root(before);
        switch (kind + "/" + subresource) {
            case "Pod/ephemeralcontainers" -> PodRules.ephemeralContainers(check, at, old);
            case "CertificateSigningRequest/approval" ->
                    CertificateRules.update(check, at, old, "approval");
            default -> {
                return null;
            }
        }
        return check.errors();
    }
}
