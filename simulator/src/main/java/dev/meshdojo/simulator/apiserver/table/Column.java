package dev.meshdojo.simulator.apiserver.table;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A column definition of a Table.
 *
 * @param name the heading; kubectl prints it in upper case
 * @param type OpenAPI type of the cells: string, integer, number, boolean, or date
 * @param format {@code name} for the column that holds object names, else mostly empty
 * @param description what the column says
 * @param priority 0 is always shown, higher ones with {@code -o wide}
 */
record Column(String name, String type, String format, String description, int priority) {

    static final Column NAME =
            new Column("Name", "string", "name", "Name, unique within a namespace and kind.", 0);
    static final Column AGE = text("Age", "Time since the object was created.");
    static final Column CONTAINERS = wide("Containers", "Names of the template's containers.");
    static final Column IMAGES = wide("Images", "Images of the template's containers.");
    static final Column SELECTOR = wide("Selector", "Which pods belong to this object.");

    static Column text(String name, String description) {
        return new Column(name, "string", "", description, 0);
    }

    static Column wide(String name, String description) {
        return new Column(name, "string", "", description, 1);
    }

    static Column number(String name, String description) {
        return new Column(name, "integer", "", description, 0);
    }

    static Column flag(String name, String description) {
        return new Column(name, "boolean", "", description, 0);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("type", type)
                .put("format", format)
                .put("description", description)
                .put("priority", priority);
    }
}
