package io.synapse.gateway.providers.catalog;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The shipped catalog with a file of the operator's over it, read anew when the file changes. A file that cannot be used
 * leaves the catalog as it was, and the log says why. Calls that run keep the model that they began with. Safe for use by
 * many threads.
 */
public final class ReloadingCatalog implements ModelCatalog {
    private static final System.Logger LOG = System.getLogger(ReloadingCatalog.class.getName());

    private final Path file;
    private final Function<ModelCatalog, List<String>> check;
    private volatile ModelCatalog current;
    private String text;

    /**
     * Reads the file for the first time.
     *
     * @param file the operator's file
     * @param check finds what is wrong with a catalog beyond its form; one line each
     * @throws CatalogException if the file cannot be read or used
     */
    public ReloadingCatalog(Path file, Function<ModelCatalog, List<String>> check) {
        this.file = file;
        this.check = check;
        this.text = read();
        this.current = parsed(text);
    }

    /**
     * Reads the file anew if it has changed.
     *
     * @return whether the catalog is another one now
     */
    public synchronized boolean refresh() {
        try {
            String now = read();
            if (now.equals(text)) {
                return false;
            }
            text = now;
            current = parsed(now);
            LOG.log(
                    Level.INFO,
                    "the catalog was read anew: {0} models",
                    current.models().size());
            return true;
        } catch (CatalogException e) {
            LOG.log(Level.WARNING, "the catalog stays as it was: {0}", e.getMessage());
            return false;
        }
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CatalogException(file + " cannot be read", e);
        }
    }

    private ModelCatalog parsed(String yaml) {
        ModelCatalog catalog = CatalogFile.shippedWith(file.toString(), yaml);
        List<String> problems = check.apply(catalog);
        if (!problems.isEmpty()) {
            throw new CatalogException(file + ": " + String.join("; ", problems), null);
        }
        return catalog;
    }

    @Override
    public Optional<Model> find(String name) {
        return current.find(name);
    }

    @Override
    public Optional<Model> defaultFor(Modality modality) {
        return current.defaultFor(modality);
    }

    @Override
    public List<Model> models() {
        return current.models();
    }
}
