# The mock. Build: docker build --tag necid-mock .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# The image's own Node runs the build.
RUN node -e "fs.rmSync('dist',{recursive:true,force:true})" \
  && node node_modules/typescript/bin/tsc -p tsconfig.build.json \
  && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/necid
WORKDIR /necid
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/generated ./generated
COPY --from=build /build/dist ./dist
USER node
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4010/v1/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and handles SIGTERM and SIGINT itself.
ENTRYPOINT ["node", "dist/tools/commands/necid.js", "mock", "--host", "0.0.0.0"]
CMD ["--quiet"]
