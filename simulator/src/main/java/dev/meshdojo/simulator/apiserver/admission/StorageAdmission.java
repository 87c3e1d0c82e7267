package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.util.List;

/**
 * Gives claims and volumes the finalizer that keeps them while they are in use, and claims without
 * a class the default one. Source: the plugins {@code StorageObjectInUseProtection} and {@code
 * DefaultStorageClass}.
 */
public final class StorageAdmission implements AdmissionPlugin {

    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
    private static final List<AdmissionRequest.Operation> CREATE =
            List.of(AdmissionRequest.Operation.CREATE);

    private final ResourceApi api;

    /**
     * @param api where classes are read
     */
    public StorageAdmission(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null) {
            return;
        }
        if (request.isFor("", "persistentvolumeclaims", CREATE)) {
            protect(object, "kubernetes.io/pvc-protection");
            setClass(object);
        } else if (request.isFor("", "persistentvolumes", CREATE)) {
            protect(object, "kubernetes.io/pv-protection");
        }
    }

    private static void protect(ObjectNode object, String finalizer) {
        ObjectNode metadata = object.withObject("/metadata");
        ArrayNode finalizers = metadata.withArray("/finalizers");
        for (JsonNode present : finalizers) {
            if (present.asText().equals(finalizer)) {
                return;
            }
        }
        finalizers.add(finalizer);
    }

    private void setClass(ObjectNode claim) {
        ObjectNode spec = claim.withObject("/spec");
        boolean chosen =
                spec.hasNonNull("storageClassName")
                        || claim.path("metadata")
                                .path("annotations")
                                .has("volume.beta.kubernetes.io/storage-class");
        if (chosen) {
            return;
        }
        DefaultClass.newest(
                        api.list("storage.k8s.io", "storageclasses", "", "").items(), DEFAULT_CLASS)
                .ifPresent(name -> spec.put("storageClassName", name));
    }
}
