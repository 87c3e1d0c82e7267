package dev.meshdojo.simulator.controller.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** The expected hashes are those that a real cluster gave to these templates. */
class TemplateHashTest {

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void aSmallTemplate() throws JsonProcessingException {
        String template =
                """
                {"metadata": {"labels": {"app": "qq2"}}, "spec": {"containers": [{"image": "nginx",
                "imagePullPolicy": "Always", "name": "a", "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File"}], "dnsPolicy": "ClusterFirst",
                "restartPolicy": "Always", "schedulerName": "default-scheduler",
                "securityContext": {}, "terminationGracePeriodSeconds": 30}}
                """;
        assertThat(TemplateHash.of(json(template), 0)).isEqualTo("66d59d9548");
        assertThat(TemplateHash.of(json(template), 1)).isNotEqualTo("66d59d9548");
    }

    @Test
    void aTemplateWithMostThingsInIt() throws JsonProcessingException {
        String template =
                """
                {"metadata": {"annotations": {"a": "1", "b": "x y"}, "labels": {"app": "qq"}},
                "spec": {"containers": [{"args": ["-x", ""], "env": [{"name": "A", "value": "b"},
                {"name": "E"}, {"name": "P", "valueFrom": {"fieldRef": {"apiVersion": "v1",
                "fieldPath": "status.podIP"}}}], "image": "nginx", "imagePullPolicy": "Always",
                "livenessProbe": {"failureThreshold": 3, "periodSeconds": 10,
                "successThreshold": 1, "tcpSocket": {"port": 80}, "timeoutSeconds": 1},
                "name": "a", "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}],
                "readinessProbe": {"failureThreshold": 3, "httpGet": {"path": "/x", "port": "http",
                "scheme": "HTTP"}, "periodSeconds": 3, "successThreshold": 1, "timeoutSeconds": 1},
                "resources": {"limits": {"cpu": "1", "example.com/x": "2", "memory": "1Gi"},
                "requests": {"cpu": "100m", "memory": "64Mi"}},
                "securityContext": {"capabilities": {"drop": ["ALL"]}, "runAsUser": 5},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File"}], "dnsPolicy": "ClusterFirst",
                "nodeSelector": {"kubernetes.io/os": "linux"}, "restartPolicy": "Always",
                "schedulerName": "default-scheduler", "securityContext": {},
                "terminationGracePeriodSeconds": 30, "tolerations": [{"effect": "NoExecute",
                "key": "a", "operator": "Exists", "tolerationSeconds": 5}],
                "volumes": [{"emptyDir": {"sizeLimit": "1500Mi"}, "name": "v"},
                {"configMap": {"defaultMode": 420, "name": "cfg", "optional": true}, "name": "c"},
                {"name": "p", "projected": {"defaultMode": 420,
                "sources": [{"secret": {"name": "s"}}]}}]}}
                """;
        assertThat(TemplateHash.of(json(template), 0)).isEqualTo("7479ff6469");
    }

    @Test
    void aTemplateOfADaemonSet() throws JsonProcessingException {
        String template =
                """
                {"metadata": {"annotations": {"a": "x<y>&z"}, "labels": {"app": "d"}},
                "spec": {"containers": [{"image": "agent:1", "imagePullPolicy": "IfNotPresent",
                "name": "a", "resources": {}, "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File"}], "dnsPolicy": "ClusterFirst",
                "restartPolicy": "Always", "schedulerName": "default-scheduler",
                "securityContext": {}, "terminationGracePeriodSeconds": 30}}
                """;
        assertThat(TemplateHash.of(json(template), 0)).isEqualTo("f48946999");
    }

    @Test
    void theDataOfAStatefulSetsRevision() throws JsonProcessingException {
        String data =
                """
                {"spec": {"template": {"$patch": "replace", "metadata": {"labels": {"app": "s"}},
                "spec": {"containers": [{"image": "agent:1", "imagePullPolicy": "IfNotPresent",
                "name": "a", "ports": [{"containerPort": 80, "protocol": "TCP"}], "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File"}], "dnsPolicy": "ClusterFirst",
                "restartPolicy": "Always", "schedulerName": "default-scheduler",
                "securityContext": {}, "terminationGracePeriodSeconds": 30}}}}
                """;
        assertThat(TemplateHash.ofData(json(data), 0)).isEqualTo("5b687c944d");
    }
}
