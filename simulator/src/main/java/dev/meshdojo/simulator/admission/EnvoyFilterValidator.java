package dev.meshdojo.simulator.admission;

/**
 * Rules for EnvoyFilter, as far as they do not need Envoy's types: whether a patch fits them shows
 * when it is applied.
 */
final class EnvoyFilterValidator implements KindValidator {

    private static final int MAX_VERSION_LENGTH = 1024;
    private static final String CONNECTION_MANAGER =
            "envoy.filters.network.http_connection_manager";

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = new Review();
        Review selector = CommonRules.selector(spec.get("workloadSelector"), "labels");
        if (!selector.errors().isNone()) {
            review.error(selector.errors());
            return review;
        }
        review.warn(
                "EnvoyFilter exposes internal implementation details that may change at any time. Prefer"
                        + " other APIs if possible, and exercise extreme caution, especially around"
                        + " upgrades.");
        if (spec.has("workloadSelector") && spec.get("workloadSelector").map("labels").isEmpty()) {
            review.warn(
                    "Envoy filter: workload selector specified without labels, will be applied to all"
                            + " services in namespace");
        }
        spec.list("configPatches").forEach(patch -> patch(patch, review));
        return review;
    }

    private static void patch(Spec configPatch, Review review) {
        Spec match = configPatch.get("match");
        if (match.text("context").equals("WAYPOINT")) {
            return;
        }
        String applyTo = configPatch.text("applyTo");
        Spec patch = configPatch.get("patch");
        String operation = patch.text("operation");
        if (unset(applyTo)) {
            review.error("Envoy filter: missing applyTo");
        } else if (!patch.present()) {
            review.error("Envoy filter: missing patch");
        } else if (unset(operation)) {
            review.error("Envoy filter: missing patch operation");
        } else if (!operation.equals("REMOVE") && !patch.has("value")) {
            review.error("Envoy filter: missing patch value for non-remove operation");
        } else if (proxyVersion(match.get("proxy").text("proxyVersion"), review)) {
            target(applyTo, match, review);
        }
    }

    private static boolean unset(String enumeration) {
        return enumeration.isEmpty() || enumeration.equals("INVALID");
    }

    private static boolean proxyVersion(String version, Review review) {
        if (version.length() > MAX_VERSION_LENGTH) {
            review.warn(
                    "Envoy filter: proxyVersion match exceeds 1024 characters and will be ignored");
            return true;
        }
        String error = MatchRules.regexError(version);
        if (!error.isEmpty()) {
            review.error("Envoy filter: invalid regex for proxy version, [" + error + "]");
        }
        return error.isEmpty();
    }

    private static void target(String applyTo, Spec match, Review review) {
        boolean object =
                match.has("listener") || match.has("routeConfiguration") || match.has("cluster");
        switch (applyTo) {
            case "LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER" -> {
                if (object && !match.has("listener")) {
                    review.error(
                            "Envoy filter: applyTo for listener class objects cannot have non listener"
                                    + " match");
                } else {
                    filter(applyTo, match.get("listener").get("filterChain").get("filter"), review);
                }
            }
            case "ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE" -> {
                if (object && !match.has("routeConfiguration")) {
                    review.error(
                            "Envoy filter: applyTo for http route class objects cannot have non route"
                                    + " configuration match");
                }
            }
            case "CLUSTER" -> {
                if (object && !match.has("cluster")) {
                    review.error(
                            "Envoy filter: applyTo for cluster class objects cannot have non cluster"
                                    + " match");
                }
            }
            default -> {}
        }
    }

    private static void filter(String applyTo, Spec filter, Review review) {
        if (!filter.present()) {
            return;
        }
        if (applyTo.equals("LISTENER") || applyTo.equals("FILTER_CHAIN")) {
            review.warn("Envoy filter: filter match has no effect when used with " + applyTo);
        }
        String name = filter.text("name");
        Spec subFilter = filter.get("subFilter");
        if (name.isEmpty()) {
            review.error("Envoy filter: filter match has no name to match on");
        } else if (subFilter.present() && !applyTo.equals("HTTP_FILTER")) {
            review.error("Envoy filter: subfilter match can be used with applyTo HTTP_FILTER only");
        } else if (subFilter.present()
                && !name.equals(CONNECTION_MANAGER)
                && !name.equals("envoy.http_connection_manager")) {
            review.error(
                    "Envoy filter: subfilter match requires filter match with "
                            + CONNECTION_MANAGER);
        } else if (subFilter.present() && subFilter.text("name").isEmpty()) {
            review.error("Envoy filter: subfilter match has no name to match on");
        }
    }
}
