package dev.meshdojo.simulator.apiserver.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.apiserver.model.Field.ListType;
import dev.meshdojo.simulator.apiserver.model.Field.PatchStrategy;
import dev.meshdojo.simulator.apiserver.model.FieldType.ListOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.MapOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.Ref;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KubernetesTypesTest {

    private final KubernetesTypes types = KubernetesTypes.shared();

    record Row(String name, String definition, String field, FieldType type, boolean required) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row(
                        "quantity map",
                        "core.v1.PodStatus",
                        "resources",
                        new Ref("io.k8s.api.core.v1.ResourceRequirements"),
                        false),
                new Row(
                        "port or name",
                        "core.v1.ServicePort",
                        "targetPort",
                        Scalar.INT_OR_STRING,
                        false),
                new Row("required int32", "core.v1.ServicePort", "port", Scalar.INT32, true),
                new Row("bytes", "core.v1.Secret", "data", new MapOf(Scalar.BYTES), false),
                new Row("time", "core.v1.PodStatus", "startTime", Scalar.TIME, false),
                new Row(
                        "microseconds",
                        "coordination.v1.LeaseSpec",
                        "renewTime",
                        Scalar.MICRO_TIME,
                        false),
                new Row(
                        "inlined probe handler",
                        "core.v1.Probe",
                        "httpGet",
                        new Ref("io.k8s.api.core.v1.HTTPGetAction"),
                        false),
                new Row(
                        "type that fabric8 lacks",
                        "core.v1.PodSpec",
                        "workloadRef",
                        new Ref("io.k8s.api.core.v1.WorkloadReference"),
                        false),
                new Row("long", "core.v1.PodSpec", "activeDeadlineSeconds", Scalar.INT64, false),
                new Row(
                        "selector",
                        "apps.v1.DeploymentSpec",
                        "selector",
                        new Ref("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"),
                        true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void fieldHasTheTypeThatKubernetesDocuments(Row row) {
        Field field =
                Objects.requireNonNull(
                        types.definition("io.k8s.api." + row.definition()).field(row.field()));
        assertThat(field.type()).isEqualTo(row.type());
        assertThat(field.required()).isEqualTo(row.required());
    }

    @Test
    void servicePortsMergeByPortAndProtocolButPatchByPort() {
        Field ports =
                Objects.requireNonNull(
                        types.definition("io.k8s.api.core.v1.ServiceSpec").field("ports"));
        assertThat(ports.listType()).isEqualTo(ListType.MAP);
        assertThat(ports.listMapKeys()).containsExactly("port", "protocol");
        assertThat(ports.patchStrategies()).containsExactly(PatchStrategy.MERGE);
        assertThat(ports.patchMergeKey()).isEqualTo("port");
    }

    @Test
    void everyReferenceOfEveryKindResolves() {
        Deque<String> open = new ArrayDeque<>();
        types.kinds().forEach(kind -> open.add(kind.definition()));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            if (seen.add(name)) {
                types.definition(name).fields().values().forEach(f -> addRefs(f.type(), open));
            }
        }
        assertThat(seen).hasSizeGreaterThan(500);
    }

    private static void addRefs(FieldType type, Deque<String> open) {
        switch (type) {
            case Ref ref -> open.push(ref.definition());
            case ListOf list -> addRefs(list.element(), open);
            case MapOf map -> addRefs(map.value(), open);
            case Scalar _ -> {}
        }
    }
}
