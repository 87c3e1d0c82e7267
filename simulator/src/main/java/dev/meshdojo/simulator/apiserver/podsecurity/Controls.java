package dev.meshdojo.simulator.apiserver.podsecurity;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The controls of the Pod Security Standards up to Kubernetes 1.35. Source: {@code
 * k8s.io/pod-security-admission/policy}. Pure.
 */
final class Controls {

    private static final int NEWEST = 35;

    private static final List<Control> ALL =
            List.of(
                    Control.baseline("appArmorProfile", ProfileChecks::appArmor),
                    Control.baseline("capabilities_baseline", CapabilityChecks::added),
                    Control.baseline("hostNamespaces", HostChecks::namespaces),
                    Control.baseline("hostPathVolumes", HostChecks::paths),
                    Control.baseline("hostPorts", HostChecks::ports),
                    Control.baseline("hostProbesAndHostLifecycle", HostChecks::probes).since(34),
                    Control.baseline("privileged", HostChecks::privileged),
                    Control.baseline("procMount", HostChecks::procMount).until(NEWEST),
                    Control.baseline("procMount", HostChecks::procMount)
                            .since(NEWEST)
                            .exceptOwnUsers(),
                    Control.baseline("seLinuxOptions", pod -> SeLinuxCheck.check(pod, 0)).until(31),
                    Control.baseline("seLinuxOptions", pod -> SeLinuxCheck.check(pod, 31))
                            .since(31),
                    Control.baseline("seccompProfile_baseline", ProfileChecks::seccompAnnotations)
                            .until(19),
                    Control.baseline("seccompProfile_baseline", ProfileChecks::seccomp).since(19),
                    Control.baseline("sysctls", pod -> SysctlCheck.check(pod, 0)).until(27),
                    Control.baseline("sysctls", pod -> SysctlCheck.check(pod, 27))
                            .since(27)
                            .until(29),
                    Control.baseline("sysctls", pod -> SysctlCheck.check(pod, 29))
                            .since(29)
                            .until(32),
                    Control.baseline("sysctls", pod -> SysctlCheck.check(pod, 32)).since(32),
                    Control.baseline("windowsHostProcess", HostChecks::windowsProcess),
                    Control.restricted("allowPrivilegeEscalation", RootChecks::escalation)
                            .since(8)
                            .until(25),
                    Control.restricted("allowPrivilegeEscalation", RootChecks::escalation)
                            .since(25)
                            .exceptWindows(),
                    Control.restricted("capabilities_restricted", CapabilityChecks::kept)
                            .since(22)
                            .until(25)
                            .replacing("capabilities_baseline"),
                    Control.restricted("capabilities_restricted", CapabilityChecks::kept)
                            .since(25)
                            .replacing("capabilities_baseline")
                            .exceptWindows(),
                    Control.restricted("procMount_restricted", HostChecks::procMount)
                            .since(NEWEST)
                            .replacing("procMount"),
                    Control.restricted("restrictedVolumes", VolumeCheck::check)
                            .replacing("hostPathVolumes"),
                    Control.restricted("runAsNonRoot", RootChecks::nonRoot).until(NEWEST),
                    Control.restricted("runAsNonRoot", RootChecks::nonRoot)
                            .since(NEWEST)
                            .exceptOwnUsers(),
                    Control.restricted("runAsUser", RootChecks::user).since(23).until(NEWEST),
                    Control.restricted("runAsUser", RootChecks::user)
                            .since(NEWEST)
                            .exceptOwnUsers(),
                    Control.restricted("seccompProfile_restricted", ProfileChecks::seccompRequired)
                            .since(19)
                            .until(25)
                            .replacing("seccompProfile_baseline"),
                    Control.restricted("seccompProfile_restricted", ProfileChecks::seccompRequired)
                            .since(25)
                            .replacing("seccompProfile_baseline")
                            .exceptWindows());

    private Controls() {}

    /** What a level has against a pod, in the order of the controls. */
    static List<Violation> violations(LevelVersion wanted, PodView pod) {
        int minor = Math.min(wanted.minor(), NEWEST);
        List<Control> holding =
                ALL.stream().filter(control -> control.holds(wanted.level(), minor)).toList();
        Set<String> replaced =
                holding.stream().map(Control::replaces).collect(Collectors.toUnmodifiableSet());
        List<Violation> violations = new ArrayList<>();
        for (Control control : holding) {
            Violation violation =
                    replaced.contains(control.id()) ? null : control.check().apply(pod);
            if (violation != null) {
                violations.add(violation);
            }
        }
        return violations;
    }
}
