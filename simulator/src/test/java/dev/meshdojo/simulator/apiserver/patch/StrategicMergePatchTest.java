package dev.meshdojo.simulator.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.builtin.BuiltinResources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    merges list items by key, new ones first | {"containers":[{"name":"a","image":"1"}]} | {"containers":[{"name":"b","image":"2"}]} | {"containers":[{"name":"b","image":"2"},{"name":"a","image":"1"}]}
                    changes one item in place | {"containers":[{"name":"a","image":"1"},{"name":"b"}]} | {"containers":[{"name":"b","image":"2"}]} | {"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}
                    deletes an item | {"containers":[{"name":"a"},{"name":"b"}]} | {"containers":[{"name":"a","$patch":"delete"}]} | {"containers":[{"name":"b"}]}
                    replaces a list | {"containers":[{"name":"a"}]} | {"containers":[{"$patch":"replace"},{"name":"c"}]} | {"containers":[{"name":"c"}]}
                    orders a list | {"containers":[{"name":"a"},{"name":"b"}]} | {"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]} | {"containers":[{"name":"b"},{"name":"a"}]}
                    removes a field with null | {"hostname":"x","subdomain":"y"} | {"hostname":null} | {"subdomain":"y"}
                    replaces lists without a key | {"hostAliases":[{"ip":"1"}],"tolerations":[{"key":"a"}]} | {"tolerations":[{"key":"b"}]} | {"hostAliases":[{"ip":"1"}],"tolerations":[{"key":"b"}]}
                    replaces an object | {"nodeSelector":{"a":"1"}} | {"nodeSelector":{"$patch":"replace","b":"2"}} | {"nodeSelector":{"b":"2"}}
                    """)
    void patches_a_pod_spec(String name, String target, String patch, String expected)
            throws Exception {
        ResourceDefinition pods =
                BuiltinResources.all().stream()
                        .filter(definition -> definition.kind().equals("Pod"))
                        .findFirst()
                        .orElseThrow();
        ObjectNode patched =
                StrategicMergePatch.apply(
                        spec(target), spec(patch), pods.strategy().schema(pods.type("v1")));
        assertThat(patched.path("spec")).as(name).isEqualTo(JSON.readTree(expected));
    }

    private static ObjectNode spec(String json) throws Exception {
        ObjectNode object = JSON.createObjectNode();
        object.set("spec", JSON.readTree(json));
        return object;
    }
}
