package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of the containers of one pod spec. */
final class ContainerRules {

    static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> PULL = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> RESTART = List.of("Always", "Never", "OnFailure");
    private static final String ONLY_SIDECARS =
            "may not be set for init containers without restartPolicy=Always";
    private static final String NOT_EPHEMERAL = "cannot be set for an Ephemeral Container";

    private final Check check;
    private final At spec;
    private final Set<String> volumes;
    private final Set<String> claims;
    private final ProbeRules probes;

    ContainerRules(Check check, At spec, Set<String> volumes, Set<String> claims) {
        this.check = check;
        this.spec = spec;
        this.volumes = volumes;
        this.claims = claims;
        this.probes = new ProbeRules(check, spec);
    }

    void validate() {
        containers();
        initContainers();
        ephemeralContainers();
    }

    private void containers() {
        At containers = spec.get("containers");
        if (containers.empty()) {
            check.required(containers, "");
            return;
        }
        Set<String> names = new HashSet<>();
        for (At container : containers.items()) {
            common(container);
            if (!names.add(container.get("name").text())) {
                check.duplicateText(container.get("name"));
            }
            probes.lifecycle(container.get("lifecycle"));
            probes(container);
            restartRules(container);
        }
        hostPorts(containers.items());
    }

    private void probes(At container) {
        probes.probe(container.get("livenessProbe"), "must be 1");
        probes.readiness(container.get("readinessProbe"));
        probes.probe(container.get("startupProbe"), "must be 1");
    }

    private void initContainers() {
        Set<String> names = new HashSet<>();
        spec.get("containers").items().forEach(each -> names.add(each.get("name").text()));
        for (At container : spec.get("initContainers").items()) {
            common(container);
            At policy = container.get("restartPolicy");
            if (policy.is("Always")) {
                if (!container.get("restartPolicyRules").empty()) {
                    check.forbidden(
                            container.get("restartPolicyRules"),
                            "restartPolicyRules are not allowed for init containers with restart"
                                    + " policy Always");
                }
            } else {
                restartRules(container);
            }
            At name = container.get("name");
            if (names.contains(name.text())) {
                check.duplicateText(name);
            } else if (!name.blank()) {
                names.add(name.text());
            }
            hostPorts(List.of(container));
            if (policy.is("Always")) {
                probes.lifecycle(container.get("lifecycle"));
                probes(container);
            } else {
                for (String field :
                        List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
                    if (container.get(field).set()) {
                        check.forbidden(container.get(field), ONLY_SIDECARS);
                    }
                }
            }
        }
    }

    private void ephemeralContainers() {
        Set<String> others = new HashSet<>();
        spec.get("containers").items().forEach(each -> others.add(each.get("name").text()));
        spec.get("initContainers").items().forEach(each -> others.add(each.get("name").text()));
        Set<String> names = new HashSet<>(others);
        for (At container : spec.get("ephemeralContainers").items()) {
            common(container);
            whitespace(check, container);
            if (!names.add(container.get("name").text())) {
                check.duplicateText(container.get("name"));
            }
            At target = container.get("targetContainerName");
            if (!target.blank() && !others.contains(target.text())) {
                check.notFound(target);
            }
            for (String field :
                    List.of(
                            "ports",
                            "resources",
                            "resizePolicy",
                            "restartPolicy",
                            "livenessProbe",
                            "readinessProbe",
                            "startupProbe",
                            "lifecycle")) {
                if (container.get(field).set() && !container.get(field).empty()) {
                    check.forbidden(container.get(field), NOT_EPHEMERAL);
                }
            }
            for (At mount : container.get("volumeMounts").items()) {
                for (String field : List.of("subPath", "subPathExpr")) {
                    if (!mount.get(field).blank()) {
                        check.forbidden(mount.get(field), NOT_EPHEMERAL);
                    }
                }
            }
        }
    }

    private void common(At container) {
        if (check.requiredText(container.get("name"), "")) {
            check.label1123(container.get("name"));
        }
        check.requiredText(container.get("image"), "");
        check.requiredOneOf(
                container.get("terminationMessagePolicy"),
                List.of("File", "FallbackToLogsOnError"));
        ports(container.get("ports"));
        EnvironmentRules.validate(check, container);
        MountRules.validate(check, container, volumes, spec);
        check.requiredOneOf(container.get("imagePullPolicy"), PULL);
        ResourceRules.containerRequirements(check, container.get("resources"), claims);
        resize(container.get("resizePolicy"));
        SecurityRules.container(check, container.get("securityContext"), spec);
    }

    private void ports(At ports) {
        Set<String> names = new HashSet<>();
        for (At port : ports.items()) {
            At name = port.get("name");
            if (!name.blank()) {
                int before = check.errors().size();
                check.names(
                        name, dev.meshdojo.simulator.apiserver.builtin.Names.portName(name.text()));
                if (check.cleanSince(before) && !names.add(name.text())) {
                    check.duplicateText(name);
                }
            }
            if (port.get("containerPort").number() == 0) {
                check.required(port.get("containerPort"), "");
            } else {
                check.port(port.get("containerPort"));
            }
            if (port.get("hostPort").number() != 0) {
                check.port(port.get("hostPort"));
            }
            check.requiredOneOf(port.get("protocol"), PROTOCOLS);
        }
    }

    private void hostPorts(List<At> containers) {
        Set<String> seen = new HashSet<>();
        for (At container : containers) {
            for (At port : container.get("ports").items()) {
                long number = port.get("hostPort").number();
                String key =
                        port.get("protocol").text()
                                + "/"
                                + port.get("hostIP").text()
                                + "/"
                                + number;
                if (number != 0 && !seen.add(key)) {
                    check.duplicate(port.below("hostPort"), TextNode.valueOf(key));
                }
            }
        }
    }

    private void resize(At policies) {
        Set<String> seen = new HashSet<>();
        for (At policy : policies.items()) {
            At resource = policy.get("resourceName");
            At restart = policy.get("restartPolicy");
            if (!seen.add(resource.text())) {
                check.duplicate(policy.path(), resource.value());
            }
            check.requiredOneOf(resource.as(policies.path()), List.of("cpu", "memory"));
            check.requiredOneOf(
                    restart.as(policies.path()), List.of("NotRequired", "RestartContainer"));
            if (spec.get("restartPolicy").is("Never") && !restart.is("NotRequired")) {
                check.invalidText(
                        restart.as(policies.path()),
                        "must be 'NotRequired' when `restartPolicy` is 'Never'");
            }
        }
    }

    private void restartRules(At container) {
        At policy = container.get("restartPolicy");
        At rules = container.get("restartPolicyRules");
        if (!policy.set()) {
            if (!rules.empty()) {
                check.required(policy, "must specify restartPolicy when restart rules are used");
            }
        } else if (!RESTART.contains(policy.text())) {
            check.notSupported(policy, RESTART);
        }
        for (At rule : rules.items()) {
            if (!rule.get("action").is("Restart")) {
                check.notSupported(rule.get("action"), List.of("Restart"));
            }
            if (!rule.get("exitCodes").set()) {
                check.required(rule.get("exitCodes"), "must be specified");
            } else if (!rule.get("exitCodes", "operator").is("In", "NotIn")) {
                check.notSupported(rule.get("exitCodes", "operator"), List.of("In", "NotIn"));
            }
        }
    }

    static void whitespace(Check check, At container) {
        At image = container.get("image");
        if (!image.text().strip().equals(image.text())) {
            check.invalidText(image, "must not have leading or trailing whitespace");
        }
    }
}
