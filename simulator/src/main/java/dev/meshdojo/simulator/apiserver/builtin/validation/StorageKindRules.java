package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of the kinds around CSI: drivers, nodes, capacities, attachments. */
final class StorageKindRules {

    private static final int LONGEST_NODE_ID = 256;
    private static final int SHORTEST_TOKEN = 600;
    private static final long LONGEST_TOKEN = 1L << 32;

    private StorageKindRules() {}

    static void driver(Check check, At driver) {
        At name = driver.get("metadata", "name");
        if (name.text().length() > 63) {
            check.tooLong(name, 63);
        }
        driverSpec(check, driver.get("spec"));
    }

    private static void driverSpec(Check check, At spec) {
        At attach = spec.get("attachRequired");
        if (!attach.set()) {
            check.required("spec.attachedRequired", "");
        }
        for (String field : List.of("podInfoOnMount", "storageCapacity")) {
            if (!spec.get(field).set()) {
                check.required(spec.get(field), "");
            }
        }
        check.oneOf(spec.get("fsGroupPolicy"), List.of("File", "None", "ReadWriteOnceWithFSType"));
        Set<String> audiences = new HashSet<>();
        for (At request : spec.get("tokenRequests").items()) {
            At audience = request.get("audience");
            if (!audiences.add(audience.text())) {
                check.duplicateText(audience);
            }
            At seconds = request.get("expirationSeconds");
            if (seconds.set() && seconds.number() < SHORTEST_TOKEN) {
                check.invalid(seconds, "may not specify a duration less than 10 minutes");
            } else if (seconds.number() > LONGEST_TOKEN) {
                check.invalid(seconds, "may not specify a duration larger than 2^32 seconds");
            }
        }
        At modes = spec.get("volumeLifecycleModes");
        for (At mode : modes.items()) {
            check.oneOf(mode.as(modes.path()), List.of("Ephemeral", "Persistent"));
        }
        if (!spec.get("seLinuxMount").set()) {
            check.required(spec.get("seLinuxMount"), "");
        }
    }

    static void driverUpdate(Check check, At driver, At old) {
        At spec = driver.get("spec");
        driverSpec(check, spec);
        At before = old.get("spec");
        check.immutable(
                spec.get("attachRequired").as("spec.attachedRequired"),
                before.get("attachRequired"));
        check.immutable(spec.get("volumeLifecycleModes"), before.get("volumeLifecycleModes"));
    }

    static void node(Check check, At spec) {
        Set<String> names = new HashSet<>();
        for (At driver : spec.get("drivers").items()) {
            VolumeRules.driver(check, driver.get("name"));
            At id = driver.get("nodeID");
            check.requiredText(id, "");
            if (id.text().length() > LONGEST_NODE_ID) {
                check.invalidText(id, "must be 256 characters or less");
            }
            check.nonNegative(driver.get("allocatable", "count"));
            if (!names.add(driver.get("name").text())) {
                check.duplicateText(driver.get("name"));
            }
            Set<String> keys = new HashSet<>();
            for (At key : driver.get("topologyKeys").items()) {
                At at = key.as(driver.path());
                if (at.blank()) {
                    check.required(at, "");
                }
                if (!keys.add(at.text())) {
                    check.duplicateText(at);
                }
                check.qualified(at);
            }
        }
    }

    static void capacity(Check check, At object) {
        check.selector(object.get("nodeTopology"));
        check.subdomain(object.get("storageClassName"));
        if (object.get("capacity").set()) {
            check.nonNegativeQuantity(object.get("capacity"));
        }
    }

    static void capacityUpdate(Check check, At object, At old) {
        check.immutable(object.get("nodeTopology"), old.get("nodeTopology"));
        check.immutable(object.get("storageClassName"), old.get("storageClassName"));
    }

    static void attachment(Check check, At spec) {
        check.requiredText(spec.get("attacher"), "");
        At source = spec.get("source");
        At name = source.get("persistentVolumeName");
        String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        if (!name.set() && !source.get("inlineVolumeSpec").set()) {
            check.required(source, one);
        } else if (name.set() && source.get("inlineVolumeSpec").set()) {
            check.forbidden(source, one);
        } else if (name.set() && name.text().isEmpty()) {
            check.required(name, "must specify non empty persistentVolumeName");
        }
        check.subdomain(spec.get("nodeName"));
    }

    static void attachmentUpdate(Check check, At object, At old) {
        attachment(check, object.get("spec"));
        if (!Check.same(object.get("spec").value(), old.get("spec").value())) {
            check.invalid(
                    "spec",
                    InternalForm.of("storage.VolumeAttachmentSpec", object.get("spec").value()),
                    "field is immutable");
        }
    }

    static void attributes(Check check, At object) {
        At driver = object.get("driverName");
        if (check.requiredText(driver, "")) {
            for (String problem : Names.qualified(Check.lower(driver.text()))) {
                check.invalidText(driver.path(), Check.lower(driver.text()), problem);
            }
        }
        At parameters = object.get("parameters");
        for (String key : parameters.entries().keySet()) {
            if (key.isEmpty()) {
                check.invalidText(parameters.path(), key, "field can not be empty.");
            }
        }
        if (parameters.empty()) {
            check.required(parameters, "must contain at least one key/value pair");
        }
    }

    static void attributesUpdate(Check check, At object, At old) {
        for (String field : List.of("driverName", "parameters")) {
            if (!Check.same(object.get(field).value(), old.get(field).value())) {
                check.forbidden(field, "updates to " + field + " are forbidden.");
            }
        }
        attributes(check, object);
    }
}
