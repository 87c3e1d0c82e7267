package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of admission webhooks and of the rules that say what they see. */
final class WebhookRules {

    private static final List<String> OPERATIONS =
            List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");
    private static final List<String> EFFECTS = List.of("None", "NoneOnDryRun");
    private static final String FORM = "; desired format: https://host[/path]";

    private WebhookRules() {}

    static void configuration(Check check, At object, boolean mutating) {
        Set<String> names = new HashSet<>();
        for (At hook : object.get("webhooks").items()) {
            hook(check, hook, mutating);
            reviewVersions(check, hook.get("admissionReviewVersions"));
            At name = hook.get("name");
            if (!name.blank() && !names.add(name.text())) {
                check.duplicateText(name);
            }
        }
    }

    private static void hook(Check check, At hook, boolean mutating) {
        At name = hook.get("name");
        if (check.requiredText(name, "")) {
            List<String> problems = Names.subdomain(name.text(), false);
            if (!problems.isEmpty()) {
                check.invalidText(name, String.join(",", problems));
            } else if (name.text().split("\\.").length < 3) {
                check.invalidText(
                        name, "should be a domain with at least three segments separated by dots");
            }
        }
        hook.get("rules").items().forEach(rule -> rule(check, rule));
        check.oneOf(hook.get("failurePolicy"), List.of("Fail", "Ignore"));
        check.oneOf(hook.get("matchPolicy"), List.of("Equivalent", "Exact"));
        At effects = hook.get("sideEffects");
        if (!effects.set()) {
            check.required(effects, "must specify one of None, NoneOnDryRun");
        } else {
            check.oneOf(effects, EFFECTS);
        }
        At timeout = hook.get("timeoutSeconds");
        if (timeout.set() && (timeout.number() < 1 || timeout.number() > 30)) {
            check.invalid(timeout, "the timeout value must be between 1 and 30 seconds");
        }
        check.selector(hook.get("namespaceSelector"));
        check.selector(hook.get("objectSelector"));
        if (mutating) {
            check.oneOf(hook.get("reinvocationPolicy"), List.of("IfNeeded", "Never"));
        }
        client(check, hook.get("clientConfig"));
        AdmissionPolicyRules.matchConditions(check, hook.get("matchConditions"));
    }

    private static void client(Check check, At client) {
        At url = client.get("url");
        At service = client.get("service");
        if (url.set() == service.set()) {
            check.required(client, "exactly one of url or service is required");
        } else if (url.set()) {
            url(check, url);
        } else {
            service(check, service);
        }
    }

    static void url(Check check, At at) {
        URI uri;
        try {
            uri = URI.create(at.text());
        } catch (IllegalArgumentException e) {
            check.required(
                    at, "url must be a valid URL: parse \"" + at.text() + "\": invalid URI" + FORM);
            return;
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        if (!scheme.equals("https")) {
            check.invalidText(at.path(), scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        if (uri.getRawAuthority() == null) {
            check.invalidText(at.path(), "", "host must be specified" + FORM);
        }
        if (uri.getRawUserInfo() != null) {
            check.invalidText(
                    at.path(),
                    uri.getRawUserInfo(),
                    "user information is not permitted in the URL");
        }
        if (uri.getRawFragment() != null) {
            check.invalidText(
                    at.path(), uri.getRawFragment(), "fragments are not permitted in the URL");
        }
        if (uri.getRawQuery() != null) {
            check.invalidText(
                    at.path(), uri.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    /** The name and the namespace change places in refusals, as they do in Kubernetes. */
    static void service(Check check, At service) {
        if (service.get("namespace").blank()) {
            check.required(service.get("name"), "");
        }
        if (service.get("name").blank()) {
            check.required(service.get("namespace"), "");
        }
        At port = service.get("port");
        if (port.set() && (port.number() < 1 || port.number() > 65535)) {
            check.invalid(port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        At path = service.get("path");
        String text = path.text();
        if (path.blank() || text.equals("/")) {
            return;
        }
        if (text.equals("//")) {
            check.invalidText(path, "segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            check.invalidText(path, "must start with a '/'");
        }
        String rest = text.substring(1);
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        String[] steps = rest.split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].isEmpty()) {
                check.invalidText(path, "segment[" + i + "] may not be empty");
                continue;
            }
            for (String problem : Names.subdomain(steps[i], false)) {
                check.invalidText(path, "segment[" + i + "]: " + problem);
            }
        }
    }

    private static void reviewVersions(Check check, At versions) {
        if (versions.empty()) {
            check.required(versions, "must specify one of v1, v1beta1");
            return;
        }
        Set<String> seen = new HashSet<>();
        boolean accepted = false;
        for (At version : versions.items()) {
            if (!seen.add(version.text())) {
                check.invalidText(version, "duplicate version");
                continue;
            }
            check.names(version, Names.label1035(version.text(), false));
            accepted |= REVIEWS.contains(version.text());
        }
        if (!accepted) {
            check.invalid(versions, "must include at least one of v1, v1beta1");
        }
    }

    /** A rule with operations. */
    static void rule(Check check, At rule) {
        At operations = rule.get("operations");
        if (operations.empty()) {
            check.required(operations, "");
        }
        starAlone(check, operations, "operations");
        operations.items().forEach(operation -> check.oneOf(operation, OPERATIONS));
        At groups = rule.get("apiGroups");
        if (groups.empty()) {
            check.required(groups, "");
        }
        starAlone(check, groups, "API groups");
        At versions = rule.get("apiVersions");
        if (versions.empty()) {
            check.required(versions, "");
        }
        starAlone(check, versions, "API versions");
        versions.items().forEach(version -> check.requiredText(version, ""));
        resources(check, rule.get("resources"));
        check.oneOf(rule.get("scope"), List.of("*", "Cluster", "Namespaced"));
    }

    private static void starAlone(Check check, At list, String what) {
        boolean star = list.items().stream().anyMatch(item -> item.is("*"));
        if (star && list.value().size() > 1) {
            check.invalid(list, "if '*' is present, must not specify other " + what);
        }
    }

    private static void resources(Check check, At resources) {
        if (resources.empty()) {
            check.required(resources, "");
        }
        Set<String> allSubresources = new HashSet<>();
        Set<String> allResources = new HashSet<>();
        boolean everything = false;
        boolean star = false;
        boolean plain = false;
        for (At resource : resources.items()) {
            String text = resource.text();
            if (!check.requiredText(resource, "")) {
                continue;
            }
            everything |= text.equals("*/*");
            star |= text.equals("*");
            int slash = text.indexOf('/');
            if (slash < 0) {
                plain = !text.equals("*");
                continue;
            }
            String name = text.substring(0, slash);
            String sub = text.substring(slash + 1);
            if (allSubresources.contains(name)) {
                check.invalidText(
                        resource, "if '" + name + "/*' is present, must not specify " + text);
            }
            if (allResources.contains(sub)) {
                check.invalidText(
                        resource, "if '*/" + sub + "' is present, must not specify " + text);
            }
            if (sub.equals("*")) {
                allSubresources.add(name);
            }
            if (name.equals("*")) {
                allResources.add(sub);
            }
        }
        if (everything && resources.value().size() > 1) {
            check.invalid(resources, "if '*/*' is present, must not specify other resources");
        }
        if (star && plain) {
            check.invalid(
                    resources,
                    "if '*' is present, must not specify other resources without subresources");
        }
    }
}
