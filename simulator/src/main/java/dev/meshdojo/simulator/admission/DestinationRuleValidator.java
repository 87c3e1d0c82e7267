package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.admission.CommonRules.Exporting;
import dev.meshdojo.simulator.golang.Failure;
import java.util.HashSet;
import java.util.Set;

/** Rules for DestinationRule. */
final class DestinationRuleValidator implements KindValidator {

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = new Review();
        review.error(DomainRules.wildcard(spec.text("host")));
        review.add(TrafficPolicyRules.policy(object.namespace(), spec.get("trafficPolicy")));
        Set<String> names = new HashSet<>();
        for (Spec subset : spec.list("subsets")) {
            String name = subset.text("name");
            if (!names.add(name)) {
                review.error("duplicate subset names: " + name);
            }
            Failure failure =
                    CommonRules.subsetName(name)
                            .and(CommonRules.labels(subset.textMap("labels")))
                            .and(
                                    TrafficPolicyRules.policy(
                                                    object.namespace(), subset.get("trafficPolicy"))
                                            .errors());
            review.error(failure);
        }
        review.error(
                CommonRules.exportTo(
                        object.namespace(),
                        spec.texts("exportTo"),
                        spec.has("workloadSelector")
                                ? Exporting.SELECTED_DESTINATION_RULE
                                : Exporting.ORDINARY));
        review.add(CommonRules.selector(spec.get("workloadSelector"), "matchLabels"));
        return review;
    }
}
