package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Negative conditions that controllers wrote into an object's status. */
final class ConditionAnalyzer implements Analyzer {

    private static final Set<String> WAYPOINT = Set.of("istio.io/WaypointBound");
    private static final Set<String> GATEWAY_API = Set.of("Accepted", "Programmed", "ResolvedRefs");
    private static final Map<ObjectKind, Set<String>> REPORTED =
            Map.of(
                    ObjectKind.SERVICE, WAYPOINT,
                    ObjectKind.SERVICE_ENTRY, WAYPOINT,
                    ObjectKind.WORKLOAD_ENTRY, WAYPOINT,
                    ObjectKind.AUTHORIZATION_POLICY, Set.of("ZtunnelAccepted", "WaypointAccepted"),
                    ObjectKind.KUBERNETES_GATEWAY, GATEWAY_API,
                    ObjectKind.HTTP_ROUTE, GATEWAY_API,
                    ObjectKind.GRPC_ROUTE, GATEWAY_API);

    @Override
    public void analyze(AnalysisContext context) {
        REPORTED.forEach(
                (kind, types) ->
                        context.all(kind)
                                .forEach(
                                        object ->
                                                conditions(object)
                                                        .filter(
                                                                condition ->
                                                                        negative(
                                                                                kind, types,
                                                                                condition))
                                                        .forEach(
                                                                condition ->
                                                                        report(
                                                                                object, condition,
                                                                                context))));
    }

    private static Stream<Spec> conditions(AnalyzedObject object) {
        Spec status = new Spec(object.json()).get("status");
        return switch (object.kind()) {
            case HTTP_ROUTE, GRPC_ROUTE ->
                    status.list("parents").stream()
                            .flatMap(parent -> parent.list("conditions").stream());
            default -> status.list("conditions").stream();
        };
    }

    private static boolean negative(ObjectKind kind, Set<String> types, Spec condition) {
        String type = condition.text("type");
        return (types.contains(type) && condition.text("status").equals("False"))
                || (kind == ObjectKind.AUTHORIZATION_POLICY
                        && type.equals("WaypointAccepted")
                        && condition.text("reason").equals("PartiallyInvalid"));
    }

    private static void report(AnalyzedObject object, Spec condition, AnalysisContext context) {
        context.report(
                MessageType.NEGATIVE_CONDITION,
                object,
                condition.text("type"),
                condition.text("reason"),
                condition.text("message"));
    }
}
