package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What Kubernetes demands of security contexts. */
final class SecurityRules {

    private static final String SYSCTL =
            "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    private static final Pattern SYSCTL_PATTERN = Pattern.compile(SYSCTL);
    private static final int SYSCTL_LENGTH = 253;
    private static final List<String> PROFILES =
            List.of("Localhost", "RuntimeDefault", "Unconfined");

    private SecurityRules() {}

    static void pod(Check check, At spec) {
        At context = spec.get("securityContext");
        if (!context.set()) {
            return;
        }
        check.id(context.get("fsGroup"));
        check.id(context.get("runAsUser"));
        check.id(context.get("runAsGroup"));
        context.get("supplementalGroups").items().forEach(check::id);
        if (spec.get("shareProcessNamespace").isTrue() && spec.get("hostPID").isTrue()) {
            check.invalid(
                    spec.get("shareProcessNamespace").as(context.below("shareProcessNamespace")),
                    "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        sysctls(check, context.get("sysctls"), spec);
        check.oneOf(context.get("fsGroupChangePolicy"), List.of("Always", "OnRootMismatch"));
        seccomp(check, context.get("seccompProfile"));
        appArmor(check, context.get("appArmorProfile"));
        check.oneOf(context.get("supplementalGroupsPolicy"), List.of("Merge", "Strict"));
        check.oneOf(context.get("seLinuxChangePolicy"), List.of("MountOption", "Recursive"));
    }

    private static void sysctls(Check check, At sysctls, At spec) {
        Set<String> names = new HashSet<>();
        for (At sysctl : sysctls.items()) {
            At name = sysctl.get("name");
            String text = name.text();
            if (name.blank()) {
                check.required(name, "");
            } else if (text.length() > SYSCTL_LENGTH || !SYSCTL_PATTERN.matcher(text).matches()) {
                check.invalidText(
                        name,
                        "must have at most "
                                + SYSCTL_LENGTH
                                + " characters and match regex "
                                + SYSCTL);
            } else if (!names.add(text)) {
                check.duplicateText(name);
            }
            if (spec.get("hostNetwork").isTrue() && text.replace('/', '.').startsWith("net.")) {
                check.invalidText(name, "may not be specified when 'hostNetwork' is true");
            }
            if (spec.get("hostIPC").isTrue()
                    && text.replace('/', '.')
                            .matches("(kernel\\.(shm|msg|sem)|fs\\.mqueue\\.).*")) {
                check.invalidText(name, "may not be specified when 'hostIPC' is true");
            }
        }
    }

    static void container(Check check, At context, At spec) {
        if (!context.set()) {
            return;
        }
        check.id(context.get("runAsUser"));
        check.id(context.get("runAsGroup"));
        At mount = context.get("procMount");
        check.oneOf(mount, List.of("Default", "Unmasked"));
        boolean hostUsers = !spec.get("hostUsers").set() || spec.get("hostUsers").isTrue();
        if (hostUsers && mount.is("Unmasked")) {
            check.invalidText(mount, "`hostUsers` must be false to use `Unmasked`");
        }
        seccomp(check, context.get("seccompProfile"));
        At escalation = context.get("allowPrivilegeEscalation");
        if (escalation.set() && !escalation.isTrue()) {
            String start = "cannot set `allowPrivilegeEscalation` to false and ";
            if (context.get("privileged").isTrue()) {
                invalid(check, context, start + "`privileged` to true");
            }
            for (At capability : context.get("capabilities", "add").items()) {
                if (capability.is("CAP_SYS_ADMIN")) {
                    invalid(check, context, start + "`capabilities.Add` CAP_SYS_ADMIN");
                }
            }
        }
        appArmor(check, context.get("appArmorProfile"));
    }

    private static void invalid(Check check, At context, String detail) {
        check.invalid(
                context.path(), InternalForm.of("core.SecurityContext", context.value()), detail);
    }

    private static void seccomp(Check check, At profile) {
        if (!profile.set()) {
            return;
        }
        At type = profile.get("type");
        if (check.requiredText(type, "type is required when seccompProfile is set")
                && !PROFILES.contains(type.text())) {
            check.notSupported(type, PROFILES);
        }
        At local = profile.get("localhostProfile");
        if (!type.is("Localhost")) {
            if (local.set()) {
                check.invalid(
                        local.path(),
                        InternalForm.of("core.SeccompProfile", profile.value()),
                        "can only be set when seccomp type is Localhost");
            }
        } else if (!local.set()) {
            check.required(local, "must be set when seccomp type is Localhost");
        } else {
            VolumeRules.descending(check, local);
        }
    }

    private static void appArmor(Check check, At profile) {
        if (!profile.set()) {
            return;
        }
        At type = profile.get("type");
        At local = profile.get("localhostProfile");
        switch (type.text()) {
            case "Localhost" -> {
                if (local.blank()) {
                    check.required(local, "must be set when AppArmor type is Localhost");
                } else if (!local.text().strip().equals(local.text())) {
                    check.invalidText(local, "must not be padded with whitespace");
                }
            }
            case "RuntimeDefault", "Unconfined" -> {
                if (local.set()) {
                    check.invalidText(local, "can only be set when AppArmor type is Localhost");
                }
            }
            case "" -> check.required(type, "type is required when appArmorProfile is set");
            default -> check.notSupported(type, PROFILES);
        }
    }
}
