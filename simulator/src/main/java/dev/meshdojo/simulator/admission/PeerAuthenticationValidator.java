package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import java.util.Map;

/** Rules for PeerAuthentication. */
final class PeerAuthenticationValidator implements KindValidator {

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Failure failure = Failure.NONE;
        Map<String, Spec> ports = spec.map("portLevelMtls");
        if (spec.get("selector").map("matchLabels").isEmpty() && !ports.isEmpty()) {
            failure = Failure.of("mesh/namespace peer authentication cannot have port level mTLS");
        }
        for (String port : ports.keySet()) {
            if (!port.matches("[0-9]{1,9}")
                    || Integer.parseInt(port) < 1
                    || Integer.parseInt(port) > 65535) {
                failure = failure.and(Failure.of("port must be in range 1..65535"));
            }
        }
        Review review = new Review();
        review.error(failure);
        review.add(CommonRules.selector(spec.get("selector"), "matchLabels"));
        return review;
    }
}
