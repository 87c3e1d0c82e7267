package dev.meshdojo.gateway.stream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import org.junit.jupiter.api.Test;

class UnbuiltFieldsTest {

    @Test
    void namesTheFieldThatIsSet() {
        assertThatThrownBy(
                        () ->
                                UnbuiltFields.refuse(
                                        Cluster.newBuilder()
                                                .addHealthChecks(HealthCheck.getDefaultInstance())
                                                .build(),
                                        "cluster c",
                                        "lb_subset_config",
                                        "health_checks"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("cluster c: health_checks is not supported here; leave it out");
    }

    @Test
    void seesScalarsAndMessages() {
        assertThatThrownBy(
                        () ->
                                UnbuiltFields.refuse(
                                        Cluster.newBuilder()
                                                .setConnectionPoolPerDownstreamConnection(true)
                                                .build(),
                                        "c",
                                        "connection_pool_per_downstream_connection"))
                .hasMessageContaining("connection_pool_per_downstream_connection");
        assertThatThrownBy(() -> UnbuiltFields.refuse(BoolValue.of(true), "b", "value"))
                .hasMessageContaining("value");
    }

    @Test
    void letsTheRestPass() {
        assertThatCode(
                        () ->
                                UnbuiltFields.refuse(
                                        Cluster.newBuilder().setName("c").build(),
                                        "cluster c",
                                        "lb_subset_config",
                                        "health_checks",
                                        "connection_pool_per_downstream_connection"))
                .doesNotThrowAnyException();
    }
}
