# syntax=docker/dockerfile:1
# One file, three images' worth of stages: `collector` runs the service, `grafana` is Grafana OSS with both plugins,
# dashboards and provisioning inside. No Go and no Node are needed on the host.

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY collector-service/package.json collector-service/
COPY sandbox/package.json sandbox/
COPY datasource-plugin/package.json datasource-plugin/
COPY app-plugin/package.json app-plugin/
COPY dashboards/package.json dashboards/
COPY test-support/package.json test-support/
COPY e2e/package.json e2e/
COPY toolchain/package.json toolchain/

FROM dependencies AS collector-dependencies
RUN npm ci --workspace collector-service --include-workspace-root --omit=dev --ignore-scripts=false

FROM node:24.21.0-bookworm-slim AS collector
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8085 DATA_DIR=/data
WORKDIR /app
COPY --from=collector-dependencies /app/node_modules node_modules
COPY package.json ./
# Sources only: .dockerignore leaves tests and benchmarks out.
COPY collector-service/package.json collector-service/
COPY collector-service/src collector-service/src
COPY sandbox/package.json sandbox/
COPY sandbox/src sandbox/src
COPY provisioning/amc provisioning/amc
# What Node makes of the sources is kept.
RUN mkdir --parents /data node_modules/.cache/node && chown node:node /data node_modules/.cache/node
USER node
VOLUME /data
EXPOSE 8085
ENTRYPOINT ["node", "--initial-old-space-size=128", "collector-service/src/entry/cli/collector.ts"]
CMD ["serve"]

FROM dependencies AS frontend
RUN npm ci --include=dev --ignore-scripts=false
COPY tsconfig.json LICENSE CHANGELOG.md ./
COPY toolchain toolchain
COPY collector-service/src/contract collector-service/src/contract
COPY dashboards/json dashboards/json
COPY datasource-plugin datasource-plugin
COPY app-plugin app-plugin
RUN npm run build --workspace datasource-plugin && npm run build --workspace app-plugin

FROM golang:1.26.8-bookworm AS backend
WORKDIR /src
COPY datasource-plugin/go.mod datasource-plugin/go.sum ./
RUN go mod download
COPY datasource-plugin/pkg pkg
ARG TARGETARCH=amd64
RUN CGO_ENABLED=0 GOARCH=$TARGETARCH go build -trimpath -ldflags "-s -w" -o /out/gpx_amc_datasource_linux_$TARGETARCH ./pkg

FROM grafana/grafana-oss:12.3.0 AS grafana
COPY --from=frontend /app/datasource-plugin/dist /var/lib/grafana/plugins/amcreports-amc-datasource
COPY --from=backend --chmod=0755 /out/ /var/lib/grafana/plugins/amcreports-amc-datasource/
COPY --from=frontend /app/app-plugin/dist /var/lib/grafana/plugins/amcreports-reports-app
COPY provisioning/datasources /etc/grafana/provisioning/datasources
COPY provisioning/plugins /etc/grafana/provisioning/plugins
COPY provisioning/dashboards /etc/grafana/provisioning/dashboards
COPY provisioning/alerting /etc/grafana/provisioning/alerting
COPY dashboards/json /etc/grafana/dashboards
ENV DASHBOARDS_PATH=/etc/grafana/dashboards
