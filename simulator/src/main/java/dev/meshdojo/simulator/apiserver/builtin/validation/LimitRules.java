package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What Kubernetes demands of one item of a limit range. */
final class LimitRules {

    private final Check check;
    private final At limit;

    LimitRules(Check check, At limit) {
        this.check = check;
        this.limit = limit;
    }

    void validate() {
        Set<String> names = new TreeSet<>();
        names("max", names);
        names("min", names);
        if (limit.get("type").is("Pod")) {
            for (String field : List.of("default", "defaultRequest")) {
                if (!limit.get(field).empty()) {
                    check.forbidden(limit.get(field), "may not be specified when `type` is 'Pod'");
                }
            }
        } else {
            names("default", names);
            names("defaultRequest", names);
        }
        if (limit.get("type").is("PersistentVolumeClaim")
                && !limit.get("min", "storage").set()
                && !limit.get("max", "storage").set()) {
            check.required(
                    limit.get("limits"),
                    "either minimum or maximum storage value is required, but neither was"
                            + " provided");
        }
        names("maxLimitRequestRatio", names);
        names.forEach(this::compare);
    }

    private void names(String field, Set<String> names) {
        for (var entry : limit.get(field).entries().entrySet()) {
            if (limit.get("type").is("Pod", "Container")) {
                ResourceNames.container(check, entry.getValue(), entry.getKey());
            } else {
                ResourceNames.any(check, entry.getValue(), entry.getKey());
            }
            names.add(entry.getKey());
        }
    }

    private void compare(String name) {
        boolean pod = limit.get("type").is("Pod");
        At min = limit.get("min").key(name);
        At max = limit.get("max").key(name);
        At normal = pod ? limit.get("none") : limit.get("default").key(name);
        At request = pod ? limit.get("none") : limit.get("defaultRequest").key(name);
        At ratio = limit.get("maxLimitRequestRatio").key(name);
        if (greater(min, max)) {
            report(min.path(), min, "min value %s is greater than max value %s", min, max);
        }
        if (greater(min, request)) {
            report(
                    request.path(),
                    request,
                    "min value %s is greater than default request value %s",
                    min,
                    request);
        }
        if (greater(request, max)) {
            report(
                    request.path(),
                    request,
                    "default request value %s is greater than max value %s",
                    request,
                    max);
        }
        if (greater(request, normal)) {
            report(
                    request.path(),
                    request,
                    "default request value %s is greater than default limit value %s",
                    request,
                    normal);
        }
        if (greater(min, normal)) {
            report(
                    normal.path(),
                    min,
                    "min value %s is greater than default value %s",
                    min,
                    normal);
        }
        if (greater(normal, max)) {
            report(
                    normal.path(),
                    max,
                    "default value %s is greater than max value %s",
                    normal,
                    max);
        }
        if (ratio.set()) {
            ratio(ratio, min, max);
        }
        if (!ResourceNames.mayOvercommit(name)
                && normal.set()
                && request.set()
                && value(normal).compareTo(value(request)) != 0) {
            check.invalid(
                    request.path(),
                    TextNode.valueOf(shown(request)),
                    "default value "
                            + shown(normal)
                            + " must equal to defaultRequest value "
                            + shown(request)
                            + " in "
                            + name);
        }
    }

    private void ratio(At ratio, At min, At max) {
        if (value(ratio).compareTo(BigDecimal.ONE) < 0) {
            check.invalid(
                    ratio.path(),
                    TextNode.valueOf(shown(ratio)),
                    "ratio " + shown(ratio) + " is less than 1");
        }
        if (min.set() && max.set() && value(min).signum() != 0) {
            BigDecimal most = value(max).divide(value(min), MathContext.DECIMAL64);
            if (value(ratio).compareTo(most) > 0) {
                check.invalid(
                        ratio.path(),
                        TextNode.valueOf(shown(ratio)),
                        String.format(
                                Locale.ROOT,
                                "ratio %s is greater than max/min = %f",
                                shown(ratio),
                                most));
            }
        }
    }

    private void report(String path, At printed, String detail, At first, At second) {
        check.invalid(
                path,
                TextNode.valueOf(shown(printed)),
                detail.replaceFirst("%s", shown(first)).replaceFirst("%s", shown(second)));
    }

    private static boolean greater(At left, At right) {
        return left.set() && right.set() && value(left).compareTo(value(right)) > 0;
    }

    private static BigDecimal value(At at) {
        return Quantities.value(at.text());
    }

    private static String shown(At at) {
        return Quantities.canonical(at.text());
    }
}
