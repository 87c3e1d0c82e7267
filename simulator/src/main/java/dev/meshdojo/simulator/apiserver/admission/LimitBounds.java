package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.builtin.Amount;
import dev.meshdojo.simulator.apiserver.builtin.PodTotals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of one entry of a LimitRange. Source: the plugin {@code LimitRanger}.
 *
 * @param limit the entry
 * @param problems takes what is out of bounds
 */
record LimitBounds(JsonNode limit, List<String> problems) {

    private static final int DIGITS = 6;

    void container(JsonNode container) {
        check(PodTotals.list(container, "requests"), PodTotals.list(container, "limits"));
    }

    void pod(JsonNode pod) {
        PodTotals totals = PodTotals.of(pod);
        check(totals.requests(), totals.limits());
    }

    /** Claims have requests only. */
    void claim(JsonNode claim) {
        Map<String, Amount> requests = PodTotals.list(claim.path("spec"), "requests");
        bounds("min").forEach((name, least) -> least(name, least, requests.get(name), null));
        bounds("max")
                .forEach(
                        (name, most) -> {
                            Amount request = requests.get(name);
                            String bound = bound("maximum", name, most);
                            if (request == null) {
                                problems.add(bound + ".  No request is specified");
                            } else if (request.compareTo(most) > 0) {
                                problems.add(bound + ", but request is " + request);
                            }
                        });
    }

    private void check(Map<String, Amount> requests, Map<String, Amount> limits) {
        bounds("min")
                .forEach((name, least) -> least(name, least, requests.get(name), limits.get(name)));
        bounds("max")
                .forEach((name, most) -> most(name, most, requests.get(name), limits.get(name)));
        bounds("maxLimitRequestRatio")
                .forEach((name, most) -> ratio(name, most, requests.get(name), limits.get(name)));
    }

    private Map<String, Amount> bounds(String kind) {
        return PodTotals.amounts(limit.path(kind));
    }

    private String bound(String which, String name, Amount enforced) {
        return which + " " + name + " usage per " + limit.path("type").asText() + " is " + enforced;
    }

    private void least(String name, Amount least, @Nullable Amount request, @Nullable Amount most) {
        String bound = bound("minimum", name, least);
        if (request == null) {
            problems.add(bound + ".  No request is specified");
        } else if (request.compareTo(least) < 0) {
            problems.add(bound + ", but request is " + request);
        } else if (most != null && most.compareTo(least) < 0) {
            problems.add(bound + ", but limit is " + most);
        }
    }

    private void most(
            String name, Amount enforced, @Nullable Amount request, @Nullable Amount most) {
        String bound = bound("maximum", name, enforced);
        if (most == null) {
            problems.add(bound + ".  No limit is specified");
        } else if (most.compareTo(enforced) > 0) {
            problems.add(bound + ", but limit is " + most);
        } else if (request != null && request.compareTo(enforced) > 0) {
            problems.add(bound + ", but request is " + request);
        }
    }

    private void ratio(
            String name, Amount enforced, @Nullable Amount request, @Nullable Amount most) {
        String bound =
                name
                        + " max limit to request ratio per "
                        + limit.path("type").asText()
                        + " is "
                        + enforced;
        if (request == null || request.isZero()) {
            problems.add(bound + ", but no request is specified or request is 0");
        } else if (most == null || most.isZero()) {
            problems.add(bound + ", but no limit is specified or limit is 0");
        } else {
            BigDecimal ratio = most.value().divide(request.value(), DIGITS, RoundingMode.HALF_EVEN);
            if (ratio.compareTo(enforced.value()) > 0) {
                problems.add(bound + ", but provided ratio is " + ratio.toPlainString());
            }
        }
    }
}
