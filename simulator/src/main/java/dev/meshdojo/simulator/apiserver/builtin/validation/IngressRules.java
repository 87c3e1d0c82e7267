package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.List;

/** What Kubernetes demands of Ingresses and IngressClasses. */
final class IngressRules {

    private static final List<String> SEQUENCES = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> SUFFIXES = List.of("/..", "/.");
    private static final String CLASS = "kubernetes.io/ingress.class";
    private static final int CONTROLLER_LENGTH = 250;

    private IngressRules() {}

    static void create(Check check, At ingress) {
        ingress(check, ingress);
        At annotation = ingress.get("metadata", "annotations").key(CLASS);
        At name = ingress.get("spec", "ingressClassName");
        if (annotation.set() && name.set() && !annotation.is(name.text())) {
            check.invalidText(
                    "annotations." + CLASS,
                    annotation.text(),
                    "must match `ingressClassName` when both are specified");
        }
    }

    static void ingress(Check check, At ingress) {
        At spec = ingress.get("spec");
        At backend = spec.get("defaultBackend");
        if (spec.get("rules").empty() && !backend.set()) {
            check.invalid(
                    spec.path(),
                    NullNode.getInstance(),
                    "either `defaultBackend` or `rules` must be specified");
        }
        if (backend.set()) {
            backend(check, backend);
        }
        spec.get("rules").items().forEach(rule -> rule(check, rule));
        for (At tls : spec.get("tls").items()) {
            for (At host : tls.get("hosts").items()) {
                host(check, host);
            }
            if (!tls.get("secretName").blank()) {
                check.subdomain(tls.get("secretName"));
            }
        }
        if (spec.get("ingressClassName").set()) {
            check.subdomain(spec.get("ingressClassName"));
        }
    }

    private static void host(Check check, At host) {
        check.names(
                host,
                host.text().contains("*")
                        ? Names.wildcard(host.text())
                        : Names.subdomain(host.text(), false));
    }

    private static void rule(Check check, At rule) {
        At host = rule.get("host");
        if (!host.blank()) {
            if (Addresses.isAddress(host.text())) {
                check.invalidText(host, "must be a DNS name, not an IP address");
            }
            host(check, host);
        }
        if (!rule.get("http").set()) {
            return;
        }
        At paths = rule.get("http", "paths");
        if (paths.empty()) {
            check.required(paths, "");
        }
        paths.items().forEach(path -> path(check, path));
    }

    private static void path(Check check, At path) {
        At type = path.get("pathType");
        At text = path.get("path");
        if (!type.set()) {
            check.required(type, "pathType must be specified");
            return;
        }
        boolean absolute = text.text().startsWith("/");
        switch (type.text()) {
            case "Exact", "Prefix" -> {
                if (!absolute) {
                    check.invalidText(text, "must be an absolute path");
                }
                for (String sequence : SEQUENCES) {
                    if (text.text().contains(sequence)) {
                        check.invalidText(text, "must not contain '" + sequence + "'");
                    }
                }
                for (String suffix : SUFFIXES) {
                    if (text.text().endsWith(suffix)) {
                        check.invalidText(text, "cannot end with '" + suffix + "'");
                    }
                }
            }
            case "ImplementationSpecific" -> {
                if (!text.blank() && !absolute) {
                    check.invalidText(text, "must be an absolute path");
                }
            }
            default ->
                    check.notSupported(type, List.of("Exact", "ImplementationSpecific", "Prefix"));
        }
        backend(check, path.get("backend"));
    }

    private static void backend(Check check, At backend) {
        At service = backend.get("service");
        At resource = backend.get("resource");
        if (service.set() && resource.set()) {
            check.invalidText(backend.path(), "", "cannot set both resource and service backends");
        } else if (resource.set()) {
            reference(check, resource);
        } else if (service.set()) {
            At name = service.get("name");
            if (check.requiredText(name, "")) {
                check.names(name, Names.label1035(name.text(), false));
            }
            At portName = service.get("port", "name");
            At number = service.get("port", "number");
            boolean named = !portName.blank();
            boolean numbered = number.number() != 0;
            if (named && numbered) {
                check.invalidText(backend.path(), "", "cannot set both port name & port number");
            } else if (named) {
                check.names(portName, Names.portName(portName.text()));
            } else if (numbered) {
                check.port(number);
            } else {
                check.required(backend, "port name or number is required");
            }
        } else {
            check.invalidText(backend.path(), "", "resource or service backend is required");
        }
    }

    private static void reference(Check check, At reference) {
        if (reference.get("apiGroup").set()) {
            check.subdomain(reference.get("apiGroup"));
        }
        check.pathSegment(reference.get("kind"));
        check.pathSegment(reference.get("name"));
    }

    static void status(Check check, At ingress) {
        for (At each : ingress.get("status", "loadBalancer", "ingress").items()) {
            if (!each.get("ip").blank()) {
                check.address(each.get("ip"));
            }
            NetworkRules.statusHost(check, each.get("hostname"));
        }
    }

    static void ingressClass(Check check, At spec) {
        At controller = spec.get("controller");
        if (controller.text().length() > CONTROLLER_LENGTH) {
            check.tooLong(controller, CONTROLLER_LENGTH);
        }
        check.domainPrefixedPath(controller);
        At parameters = spec.get("parameters");
        if (!parameters.set()) {
            return;
        }
        reference(check, parameters);
        At scope = parameters.get("scope");
        At namespace = parameters.get("namespace");
        switch (scope.text()) {
            case "" -> check.required(scope, "");
            case "Namespace" -> {
                if (!namespace.set()) {
                    check.required(namespace, "`parameters.scope` is set to 'Namespace'");
                } else {
                    check.label1123(namespace);
                }
            }
            case "Cluster" -> {
                if (namespace.set()) {
                    check.forbidden(namespace, "`parameters.scope` is set to 'Cluster'");
                }
            }
            default -> check.notSupported(scope, List.of("Cluster", "Namespace"));
        }
    }
}
