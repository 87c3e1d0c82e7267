package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Kubernetes demands of volume mounts and volume devices. */
final class MountRules {

    private MountRules() {}

    static void validate(Check check, At container, Set<String> volumes, At spec) {
        Map<String, String> devices = paths(container.get("volumeDevices"), "devicePath");
        Map<String, String> mounts = paths(container.get("volumeMounts"), "mountPath");
        mounts(check, container, volumes, devices);
        devices(check, container, volumes, mounts, spec);
    }

    private static Map<String, String> paths(At list, String field) {
        Map<String, String> paths = new HashMap<>();
        list.items().forEach(item -> paths.put(item.get("name").text(), item.get(field).text()));
        return paths;
    }

    private static void mounts(
            Check check, At container, Set<String> volumes, Map<String, String> devices) {
        At list = container.get("volumeMounts");
        Set<String> seen = new HashSet<>();
        for (At mount : list.items()) {
            At name = mount.get("name");
            At path = mount.get("mountPath");
            check.requiredText(name, "");
            if (!volumes.contains(name.text())) {
                check.notFound(name);
            }
            check.requiredText(path, "");
            if (!seen.add(path.text())) {
                check.invalidText(path, "must be unique");
            }
            if (devices.containsKey(name.text())) {
                check.invalidText(name, "must not already exist in volumeDevices");
            }
            if (devices.containsValue(path.text())) {
                check.invalidText(path, "must not already exist as a path in volumeDevices");
            }
            At sub = mount.get("subPath");
            At expression = mount.get("subPathExpr");
            if (!sub.blank()) {
                VolumeRules.descending(check, sub.as(list.below("subPath")));
            }
            if (!expression.blank()) {
                if (!sub.blank()) {
                    check.invalidText(expression, "subPathExpr and subPath are mutually exclusive");
                }
                VolumeRules.descending(check, expression.as(list.below("subPathExpr")));
            }
            propagation(
                    check,
                    mount.get("mountPropagation").as(list.below("mountPropagation")),
                    container);
            readOnly(check, mount, list.below("recursiveReadOnly"));
        }
    }

    private static void propagation(Check check, At propagation, At container) {
        check.oneOf(propagation, List.of("Bidirectional", "HostToContainer", "None"));
        if (propagation.is("Bidirectional")
                && !container.get("securityContext", "privileged").isTrue()) {
            check.forbidden(
                    propagation,
                    "Bidirectional mount propagation is available only to privileged containers");
        }
    }

    private static void readOnly(Check check, At mount, String path) {
        At recursive = mount.get("recursiveReadOnly").as(path);
        if (!recursive.set() || recursive.is("Disabled")) {
            return;
        }
        if (!recursive.is("Enabled", "IfPossible")) {
            check.notSupported(recursive, List.of("Disabled", "Enabled", "IfPossible"));
            return;
        }
        if (!mount.get("readOnly").isTrue()) {
            check.forbidden(recursive, "may only be specified when readOnly is true");
        }
        if (mount.get("mountPropagation").set() && !mount.get("mountPropagation").is("None")) {
            check.forbidden(
                    recursive,
                    "may only be specified when mountPropagation is None or not specified");
        }
    }

    private static void devices(
            Check check, At container, Set<String> volumes, Map<String, String> mounts, At spec) {
        Set<String> names = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (At device : container.get("volumeDevices").items()) {
            At name = device.get("name");
            At path = device.get("devicePath");
            check.requiredText(name, "");
            if (names.contains(name.text())) {
                check.invalidText(name, "must be unique");
            }
            if (!volumes.contains(name.text())) {
                check.notFound(name);
            } else if (!isBlock(spec, name.text())) {
                check.invalidText(
                        name,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for"
                                + " block mode");
            }
            check.requiredText(path, "");
            if (paths.contains(path.text())) {
                check.invalidText(path, "must be unique");
            }
            if (List.of(path.text().split("/")).contains("..")) {
                check.invalidText(path, "can not contain backsteps ('..')");
            } else {
                paths.add(path.text());
            }
            if (mounts.containsKey(name.text())) {
                check.invalidText(name, "must not already exist in volumeMounts");
            }
            if (mounts.containsValue(path.text())) {
                check.invalidText(path, "must not already exist as a path in volumeMounts");
            }
            if (!name.blank()) {
                names.add(name.text());
            }
        }
    }

    private static boolean isBlock(At spec, String name) {
        for (At volume : spec.get("volumes").items()) {
            if (volume.get("name").is(name)) {
                return volume.get("persistentVolumeClaim").set() || volume.get("ephemeral").set();
            }
        }
        return false;
    }
}
