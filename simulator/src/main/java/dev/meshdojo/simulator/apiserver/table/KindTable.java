package dev.meshdojo.simulator.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of one kind.
 *
 * @param columns in order
 * @param cells makes the cells of a row
 */
record KindTable(List<Column> columns, Cells cells) {

    /** Makes a row's cells: text, numbers, booleans or null, one for each column. */
    interface Cells {
        List<@Nullable Object> of(ObjectNode object, Ages ages);
    }

    static KindTable of(Cells cells, Column... columns) {
        return new KindTable(List.of(columns), cells);
    }
}
